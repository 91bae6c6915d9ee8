package io.tributary.backfill;

import io.tributary.time.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as reports say them. */
final class Times {
  private Times() {}

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  static String from(TimeRange range) {
    return instant(range.startMicros()).toString();
  }

  static String to(TimeRange range) {
    return instant(range.endMicros()).toString();
  }
}
