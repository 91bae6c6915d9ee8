package io.tributary.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ranges that were gone before they were read: those that have to be on record, and are. */
final class Lost {
  private Lost() {}

  /**
   * What has to be on record of every topic that the lake has left, by its number and partition.
   */
  static Map<String, String> expected(Ends sent, Position position) {
    Map<String, String> expected = new TreeMap<>();
    for (int generation = 0; generation < position.generation(); generation++) {
      for (int partition : sent.partitionsOf(generation)) {
        expected.put(
            key(generation, partition),
            range(position.next(generation, partition), sent.next(generation, partition)));
      }
    }
    return expected;
  }

  /** What the commits say. */
  static Map<String, List<String>> said(List<TableLog.Batch> batches, Generations generations) {
    Map<String, List<String>> said = new TreeMap<>();
    int before = 0;
    for (TableLog.Batch batch : batches) {
      for (TableLog.Range lost : batch.lost()) {
        said.computeIfAbsent(key(before, lost.partition()), absent -> new ArrayList<>())
            .add(range(lost.from(), lost.until()));
      }
      before = generations.of(batch.topicId());
    }
    return said;
  }

  /** How often the commits name each range; what the ledger has to hold. */
  static Map<String, Long> times(List<TableLog.Batch> batches) {
    Map<String, Long> times = new TreeMap<>();
    for (TableLog.Batch batch : batches) {
      for (TableLog.Range lost : batch.lost()) {
        times.merge(gap(lost.partition(), lost.from(), lost.until()), 1L, Long::sum);
      }
    }
    return times;
  }

  /** A lost range as text. */
  static String gap(int partition, long from, long until) {
    return "partition %d, %s".formatted(partition, range(from, until));
  }

  private static String key(int generation, int partition) {
    return "of topic %d, partition %d".formatted(generation + 1, partition);
  }

  private static String range(long from, long until) {
    return from + " to " + until;
  }
}
