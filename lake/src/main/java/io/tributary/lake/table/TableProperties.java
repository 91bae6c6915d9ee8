package io.tributary.lake.table;

import java.util.Map;

/** Properties that our tables are made with. */
final class TableProperties {
  /**
   * Log checkpoints are written beside the stream ({@code LogCheckpoints} of the streaming job);
   * the interval is how long another writer leaves them to us. Domain metadata holds the stream's
   * position: a feature for writers only, every reader understands the table.
   */
  static final Map<String, String> OF_STREAMED_TABLES =
      Map.of(
          "delta.checkpointInterval", "10000",
          "delta.feature.domainMetadata", "supported");

  private TableProperties() {}
}
