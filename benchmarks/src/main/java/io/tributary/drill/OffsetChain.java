package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the commits of a table hold every offset in exactly one of them. Where a commit says that
 * a range is lost, the next one begins where that commit says.
 */
final class OffsetChain {
  private OffsetChain() {}

  /**
   * Looks at all commits.
   *
   * @return one line for each hole and each overlap; none when all is well
   */
  static List<String> faults(List<TableLog.Batch> batches) {
    List<String> faults = new ArrayList<>();
    Map<String, Long> next = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      for (TableLog.Range lost : batch.lost()) {
        String partition = lost.topic() + "-" + lost.partition();
        long expected = next.getOrDefault(partition, 0L);
        if (lost.from() != expected) {
          faults.add(
              "version %d calls %s lost from %d, the commits before end at %d"
                  .formatted(batch.version(), partition, lost.from(), expected));
        }
        next.put(partition, standing(batch, lost));
      }
      for (TableLog.Range range : batch.ranges()) {
        String partition = range.topic() + "-" + range.partition();
        long expected = next.getOrDefault(partition, 0L);
        if (range.from() != expected) {
          faults.add(
              "version %d holds %s from %d, the commits before end at %d"
                  .formatted(batch.version(), partition, range.from(), expected));
        }
        next.put(partition, Math.max(expected, range.until()));
      }
    }
    return faults;
  }

  /** Where a commit that passes a lost range by says that the partition goes on. */
  private static long standing(TableLog.Batch batch, TableLog.Range lost) {
    for (JsonNode range : batch.accounting().path("offsets")) {
      if (range.path("partition").asInt() == lost.partition()
          && range.path("topic").asText().equals(lost.topic())) {
        return range.path("from").asLong();
      }
    }
    return lost.until();
  }

  /** Where the newest commit ends, by {@code topic-partition}. */
  static Map<String, Long> ends(List<TableLog.Batch> batches) {
    Map<String, Long> ends = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      for (TableLog.Range range : batch.ranges()) {
        ends.merge(range.topic() + "-" + range.partition(), range.until(), Math::max);
      }
    }
    return ends;
  }
}
