package io.tributary.lake.table;

/** Offsets of one partition of a topic, {@code from} included, {@code until} not. */
public record OffsetRange(String topic, int partition, long from, long until)
    implements java.io.Serializable {

  public OffsetRange {
    if (from < 0 || until < from) {
      throw new IllegalArgumentException(
          "Invalid offsets of %s-%d: %d to %d".formatted(topic, partition, from, until));
    }
  }

  /** How many offsets it spans. */
  public long size() {
    return until - from;
  }
}
