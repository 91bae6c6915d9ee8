package io.tributary.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration of the job that is drilled: quick to start, quick to commit. */
final class JobConfiguration {
  private JobConfiguration() {}

  /**
   * Writes it.
   *
   * @param home with the lake and the checkpoints
   * @return the file
   */
  static Path write(Path home, String kafka, String topic, int partitions, String elasticsearch)
      throws IOException {
    return Files.writeString(
        home.resolve("streaming.yml"),
        // Index, counts and ledger take their time: on few cores they would keep the first batch of
        // the lake after a start waiting. Queries over few rows are interpreted, not compiled.
        """
        kafka: {bootstrap-servers: "%s", topics: [%s], partitions: %d, retention: forever}
        lake: {root: "%s", checkpoints: "%s", trigger: 1s, log-checkpoint-interval: 3}
        counts: {every: 5s}
        ledger: {every: 5s}
        audit: {every: 30s, repair: false}
        index: {elasticsearch: "%s", trigger: 2s, refresh-interval: 200ms, bulk-entries: 40, options: {es.http.timeout: 5s}}
        metrics: {port: 0}
        retry: {first: 200ms, longest: 1s}
        spark:
          spark.master: "local[4]"
          spark.sql.shuffle.partitions: "1"
          spark.databricks.delta.snapshotPartitions: "1"
          spark.sql.codegen.wholeStage: "false"
          spark.sql.codegen.factoryMode: "NO_CODEGEN"
          spark.sql.adaptive.enabled: "false"
          spark.ui.showConsoleProgress: "false"
          spark.local.dir: "%s"
        """
            .formatted(
                kafka,
                topic,
                partitions,
                home.resolve("lake"),
                home.resolve("checkpoints"),
                elasticsearch,
                home.resolve("spark")));
  }
}
