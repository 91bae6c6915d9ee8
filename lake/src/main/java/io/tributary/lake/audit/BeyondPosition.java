package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.index.EventSet;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.layout.LakeLayout;
import java.util.Map;

/**
 * The records that a position says nothing of yet: those at offsets from it on, and all of
 * partitions that it does not name, because they were added to their topic since.
 */
record BeyondPosition(CommittedOffsets position) {
  /** The clauses of a query of which at least one matches each of their documents. */
  ArrayNode documents() {
    ArrayNode clauses = new EventSet.AtOffsets(DocumentSet.after(position)).documents();
    position
        .byTopic()
        .forEach((topic, partitions) -> inOthers(topic, partitions, clauses.addObject()));
    return clauses;
  }

  private static void inOthers(String topic, Map<Integer, Long> partitions, ObjectNode clause) {
    ObjectNode bool = clause.putObject("bool");
    ArrayNode all = bool.putArray("filter");
    all.addObject().putObject("term").put(LakeLayout.KAFKA_TOPIC, topic);
    // Without one it does not come from Kafka, and is on nobody's way.
    all.addObject().putObject("exists").put("field", LakeLayout.KAFKA_PARTITION);
    ArrayNode named =
        bool.putArray("must_not")
            .addObject()
            .putObject("terms")
            .putArray(LakeLayout.KAFKA_PARTITION);
    partitions.keySet().forEach(named::add);
  }
}
