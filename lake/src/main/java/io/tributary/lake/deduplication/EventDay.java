package io.tributary.lake.deduplication;

/** The UTC day of an event, as days since the epoch. */
final class EventDay {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private EventDay() {}

  static int of(long tsMicros) {
    return Math.toIntExact(Math.floorDiv(tsMicros, MICROS_PER_DAY));
  }
}
