package io.tributary.lake.deduplication;

import io.tributary.event.Provenance;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.Serializable;
import java.util.HashMap;

/**
 * Which events of a batch are not new. Everything not named here is; so this is as small as the
 * share of repeats, and can be sent to every task.
 */
public final class Verdicts implements Serializable {
  /** What an event is, seen from the lake. */
  public enum Verdict {
    NEW,
    /** The same event is a row already, or becomes one from another record of the batch. */
    DUPLICATE,
    /** Another event with this id is a row on this day. */
    CONFLICT
  }

  private final HashMap<TopicPartition, LongOpenHashSet> duplicates = new HashMap<>();
  private final HashMap<TopicPartition, LongOpenHashSet> conflicts = new HashMap<>();

  Verdicts() {}

  void duplicate(String topic, int partition, long offset) {
    offsets(duplicates, topic, partition).add(offset);
  }

  void conflict(String topic, int partition, long offset) {
    offsets(conflicts, topic, partition).add(offset);
  }

  /** Takes back what was said of a record. */
  void clear(String topic, int partition, long offset) {
    offsets(duplicates, topic, partition).remove(offset);
    offsets(conflicts, topic, partition).remove(offset);
  }

  /** What was decided about an event's record. */
  public Verdict of(Provenance.Kafka kafka) {
    return of(kafka.topic(), kafka.partition(), kafka.offset());
  }

  Verdict of(String topic, int partition, long offset) {
    if (duplicates.isEmpty() && conflicts.isEmpty()) {
      return Verdict.NEW;
    }
    TopicPartition place = new TopicPartition(topic, partition);
    if (contains(duplicates, place, offset)) {
      return Verdict.DUPLICATE;
    }
    return contains(conflicts, place, offset) ? Verdict.CONFLICT : Verdict.NEW;
  }

  /** How many are duplicates. */
  public long duplicates() {
    return size(duplicates);
  }

  /** How many are conflicts. */
  public long conflicts() {
    return size(conflicts);
  }

  private static long size(HashMap<TopicPartition, LongOpenHashSet> offsets) {
    return offsets.values().stream().mapToLong(LongOpenHashSet::size).sum();
  }

  private static boolean contains(
      HashMap<TopicPartition, LongOpenHashSet> offsets, TopicPartition place, long offset) {
    LongOpenHashSet set = offsets.get(place);
    return set != null && set.contains(offset);
  }

  private static LongOpenHashSet offsets(
      HashMap<TopicPartition, LongOpenHashSet> offsets, String topic, int partition) {
    return offsets.computeIfAbsent(
        new TopicPartition(topic, partition), absent -> new LongOpenHashSet());
  }

  private record TopicPartition(String topic, int partition) implements Serializable {}
}
