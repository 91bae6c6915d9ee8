package io.tributary.time;

import java.util.OptionalLong;

/** Reads and writes event times. All are microseconds since the epoch, UTC. */
public final class Timestamps {
  /** Microseconds in a day. */
  public static final long MICROS_PER_DAY = 86_400_000_000L;

  private Timestamps() {}

  /** ISO-8601 with six decimals and {@code Z}, for example {@code 2016-06-10T01:00:00.000000Z}. */
  public static String isoMicros(long micros) {
    throw new UnsupportedOperationException();
  }

  /** The time that a number stands for, empty when the text is not a JSON number. */
  public static OptionalLong ofNumber(String literal) {
    throw new UnsupportedOperationException();
  }

  /** The time that an ISO-8601 date and time stands for, empty when the text is none. */
  public static OptionalLong ofIso(String text) {
    throw new UnsupportedOperationException();
  }
}
