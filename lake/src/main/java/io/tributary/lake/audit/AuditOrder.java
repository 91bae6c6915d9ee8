package io.tributary.lake.audit;

import io.tributary.time.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * What is to be compared, how closely, and what is done about differences.
 *
 * @param range of event time, in whole UTC hours
 */
public record AuditOrder(
    TimeRange range, JudgedOffsets judged, Closeness closeness, Remedy remedy) {

  /** How closely is looked. */
  public enum Closeness {
    /**
     * Counts and digests by hour, as stored. Finds every document that is missing, extra or of
     * another digest; not one whose text was changed beside an untouched digest.
     */
    DIGESTS,
    /** Every document is read too, and its digest computed from its text. */
    CONTENTS
  }

  /** What is done about differences. */
  public enum Remedy {
    /** They are named. */
    NAMED,
    /** They are named, and the index is made equal to the lake. */
    REPAIRED
  }

  public AuditOrder {
    if (Grain.HOUR.start(range.startMicros()) != range.startMicros()
        || Grain.HOUR.start(range.endMicros()) != range.endMicros()) {
      throw new IllegalArgumentException("An audit compares whole hours");
    }
  }

  /** The smallest range of whole UTC hours around two times; {@code to} itself is not in it. */
  public static TimeRange wholeHours(Instant from, Instant to) {
    Instant end = to.truncatedTo(ChronoUnit.HOURS);
    return new TimeRange(
        micros(from.truncatedTo(ChronoUnit.HOURS)),
        micros(end.isBefore(to) ? end.plus(1, ChronoUnit.HOURS) : end));
  }

  /** All times that an event can have. */
  public static TimeRange everything() {
    return new TimeRange(
        0, micros(LocalDate.of(10_000, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC)));
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000;
  }
}
