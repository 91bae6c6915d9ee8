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

  private final HashMap<TopicPartition, OfPartition> partitions = new HashMap<>();

  Verdicts() {}

  void duplicate(String topic, int partition, long offset) {
    in(topic, partition).duplicates.add(offset);
  }

  void conflict(String topic, int partition, long offset) {
    in(topic, partition).conflicts.add(offset);
  }

  /** Takes back what was said of a record. */
  void clear(String topic, int partition, long offset) {
    in(topic, partition).duplicates.remove(offset);
    in(topic, partition).conflicts.remove(offset);
  }

  private OfPartition in(String topic, int partition) {
    return partitions.computeIfAbsent(
        new TopicPartition(topic, partition), absent -> new OfPartition());
  }

  /** To ask for many records, fastest partition by partition; not thread-safe. */
  public Reader reader() {
    return new Reader();
  }

  /** How many are duplicates. */
  public long duplicates() {
    return partitions.values().stream().mapToLong(partition -> partition.duplicates.size()).sum();
  }

  /** How many are conflicts. */
  public long conflicts() {
    return partitions.values().stream().mapToLong(partition -> partition.conflicts.size()).sum();
  }

  /** Tells what was decided about the records of events. */
  public final class Reader {
    private TopicPartition last = new TopicPartition("", -1);
    private OfPartition ofLast = new OfPartition();

    private Reader() {}

    public Verdict of(Provenance.Kafka kafka) {
      if (last.partition != kafka.partition() || !last.topic.equals(kafka.topic())) {
        last = new TopicPartition(kafka.topic(), kafka.partition());
        ofLast = partitions.getOrDefault(last, new OfPartition());
      }
      return ofLast.of(kafka.offset());
    }
  }

  /** What was decided about a partition's records, by offset. */
  private static final class OfPartition implements Serializable {
    private final LongOpenHashSet duplicates = new LongOpenHashSet();
    private final LongOpenHashSet conflicts = new LongOpenHashSet();

    Verdict of(long offset) {
      if (duplicates.contains(offset)) {
        return Verdict.DUPLICATE;
      }
      return conflicts.contains(offset) ? Verdict.CONFLICT : Verdict.NEW;
    }
  }

  private record TopicPartition(String topic, int partition) implements Serializable {}
}
