package io.tributary.lake.table;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Up to where each partition of each topic is in a table: the next offset that is not. */
public final class CommittedOffsets implements Serializable {
  private final HashMap<String, TreeMap<Integer, Long>> next;

  private CommittedOffsets(HashMap<String, TreeMap<Integer, Long>> next) {
    this.next = next;
  }

  public static CommittedOffsets none() {
    return new CommittedOffsets(new HashMap<>());
  }

  /** The position after these ranges. */
  public static CommittedOffsets after(Collection<OffsetRange> ranges) {
    return none().plus(ranges);
  }

  /** This position, advanced by ranges. It does not go back. */
  public CommittedOffsets plus(Collection<OffsetRange> ranges) {
    HashMap<String, TreeMap<Integer, Long>> advanced = new HashMap<>();
    next.forEach((topic, partitions) -> advanced.put(topic, new TreeMap<>(partitions)));
    for (OffsetRange range : ranges) {
      advanced
          .computeIfAbsent(range.topic(), topic -> new TreeMap<>())
          .merge(range.partition(), range.until(), Math::max);
    }
    return new CommittedOffsets(advanced);
  }

  /** This position with one partition set to an offset, also to a smaller one than before. */
  CommittedOffsets restartedAt(String topic, int partition, long offset) {
    CommittedOffsets other = plus(List.of());
    other.next.computeIfAbsent(topic, name -> new TreeMap<>()).put(partition, offset);
    return other;
  }

  public boolean isEmpty() {
    return next.isEmpty();
  }

  /** The next offset of a partition; 0 when nothing of it is committed. */
  public long next(String topic, int partition) {
    Map<Integer, Long> partitions = next.get(topic);
    return partitions == null ? 0 : partitions.getOrDefault(partition, 0L);
  }

  /** Whether the position says anything of a partition. */
  public boolean knows(String topic, int partition) {
    Map<Integer, Long> partitions = next.get(topic);
    return partitions != null && partitions.containsKey(partition);
  }

  /** Whether a record is in the table, or was dealt with, already. */
  public boolean contains(String topic, int partition, long offset) {
    return offset < next(topic, partition);
  }

  /** The position as empty ranges, for a commit's metadata. */
  public List<OffsetRange> asRanges() {
    return next.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(
            topic ->
                topic.getValue().entrySet().stream()
                    .map(
                        partition ->
                            new OffsetRange(
                                topic.getKey(),
                                partition.getKey(),
                                partition.getValue(),
                                partition.getValue())))
        .toList();
  }

  /** Next offsets by topic and partition. */
  public Map<String, Map<Integer, Long>> byTopic() {
    Map<String, Map<Integer, Long>> copy = new TreeMap<>();
    next.forEach((topic, partitions) -> copy.put(topic, new TreeMap<>(partitions)));
    return copy;
  }

  @Override
  public String toString() {
    return byTopic().toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CommittedOffsets that && next.equals(that.next);
  }

  @Override
  public int hashCode() {
    return next.hashCode();
  }
}
