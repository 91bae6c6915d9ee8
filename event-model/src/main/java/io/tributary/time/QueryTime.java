package io.tributary.time;

/** The times that queries are asked with. */
public final class QueryTime {
  private QueryTime() {}

  /**
   * Microseconds since the epoch of an integer (below 1e11 seconds, below 1e14 milliseconds) or an
   * ISO-8601 date and time.
   */
  public static long parseMicros(String text) throws InvalidTimeException {
    throw new UnsupportedOperationException();
  }
}
