package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tributary.lake.index.EventSet;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells documents without a row from those whose rows are still to come, because the index query is
 * ahead of the lake query.
 */
record Ahead(AuditPlace place, IndexAdministration administration) {
  /**
   * The clauses of a query that match documents whose rows may be on their way. To be asked after
   * the documents were read and before their rows are looked for.
   */
  ArrayNode documents() {
    Optional<IndexPosition> index = index();
    Optional<StreamCommit> lake = StreamTable.newestOfLake(place.engine(), place.lakeRoot());
    if (lake.isEmpty()) {
      return new EventSet.AtOffsets(List.of()).documents();
    }
    ArrayNode clauses =
        new BeyondPosition(CommittedOffsets.after(lake.get().offsets())).documents();
    // A topic was made again, and the lake query has not come to the new one: no offset tells.
    Map<String, String> read = lake.get().topicIds();
    List<String> others =
        index.map(IndexPosition::topicIds).orElse(Map.of()).entrySet().stream()
            .filter(topic -> read.containsKey(topic.getKey()))
            .filter(topic -> !topic.getValue().equals(read.get(topic.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    return clauses.addAll(new EventSet.OfTopics(others).documents());
  }

  private Optional<IndexPosition> index() {
    try {
      return Positions.index(administration);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the position of the index: %s. Check that Elasticsearch runs, then start again."
              .formatted(e.getMessage()),
          e);
    }
  }
}
