package io.tributary.time;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The times that queries are asked with. */
public final class QueryTime {
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
  private static final Pattern OFFSET_LOST_ITS_PLUS = Pattern.compile(".*T.* [0-9:]+");
  private static final int LONGEST_SHOWN = 40;
  private static final long MILLISECONDS_END = 100_000_000_000_000L;

  private QueryTime() {}

  /**
   * Microseconds since the epoch of an integer (in absolute value below 1e11 seconds, below 1e14
   * milliseconds) or an ISO-8601 date and time with {@code T}, by the rules of event times. No
   * decimals, no microseconds: a query that means them writes ISO-8601.
   */
  public static long parseMicros(String text) throws InvalidTimeException {
    if (INTEGER.matcher(text).matches()) {
      return ofInteger(text);
    }
    OptionalLong micros = Timestamps.ofIso(text);
    if (micros.isPresent()) {
      return micros.getAsLong();
    }
    if (OFFSET_LOST_ITS_PLUS.matcher(text).matches()) {
      throw invalid(text, "an offset follows a space", "Write %2B for + in a URL");
    }
    throw invalid(
        text,
        "neither an integer nor an ISO-8601 date and time",
        "Give epoch seconds, epoch milliseconds, or a time like 2016-06-10T01:00:00Z");
  }

  private static long ofInteger(String text) throws InvalidTimeException {
    String digits = text.replaceFirst("^(-?)0+(?=[0-9])", "$1");
    OptionalLong micros = Timestamps.ofNumber(digits);
    boolean small = digits.length() <= 18 && Math.abs(Long.parseLong(digits)) < MILLISECONDS_END;
    if (!small || micros.isEmpty()) {
      throw invalid(
          text,
          "an integer of 1e14 or more is neither seconds nor milliseconds",
          "Give epoch seconds, epoch milliseconds, or a time like 2016-06-10T01:00:00Z");
    }
    return micros.getAsLong();
  }

  private static InvalidTimeException invalid(String text, String rule, String remedy) {
    String shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    return new InvalidTimeException("Invalid time: %s (%s). %s.".formatted(shown, rule, remedy));
  }
}
