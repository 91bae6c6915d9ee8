package io.tributary.lake.table;

/**
 * Offsets that were due and that Kafka no longer had.
 *
 * @param until exclusive; what is known to be lost ends here
 * @param reason why Kafka has them no more
 * @param detail a sentence for people
 */
public record LostRange(
    String topic, int partition, long from, long until, Reason reason, String detail) {

  /** Why a range is lost. */
  public enum Reason {
    /** Retention or a deletion of records came before the job. */
    EXPIRED,
    /** The topic was deleted and made again: its offsets begin anew and mean other records. */
    TOPIC_RECREATED,
    /** Kafka lost the end of a partition that was read already; its offsets are given out again. */
    TRUNCATED
  }

  /** Whether offsets of the partition mean other records from here on. */
  boolean startsAnew() {
    return reason != Reason.EXPIRED;
  }

  /** How many offsets are known to be lost. */
  public long size() {
    return until - from;
  }
}
