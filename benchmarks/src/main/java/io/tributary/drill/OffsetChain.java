package io.tributary.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether the commits of a table hold every offset in exactly one of them. */
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
