package io.tributary.time;

import io.tributary.number.DecimalLiteral;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.OptionalLong;

/**
 * Reads and writes event times. All are microseconds since the epoch, UTC; none depends on the
 * default time zone.
 */
public final class Timestamps {
  /** Microseconds in a day. */
  public static final long MICROS_PER_DAY = 86_400_000_000L;

  /** 0001-01-01T00:00:00Z, the first time that every engine can hold. */
  public static final long EARLIEST = -62_135_596_800_000_000L;

  /** 9999-12-31T23:59:59.999999Z, the last time that every engine can hold. */
  public static final long LATEST = 253_402_300_799_999_999L;

  private static final int SECONDS_PER_MINUTE = 60;
  private static final int MINUTES_PER_HOUR = 60;
  private static final int MINUTES_PER_DAY = 1_440;
  private static final int LONGEST_OFFSET_MINUTES = 18 * MINUTES_PER_HOUR;
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private Timestamps() {}

  /**
   * ISO-8601 with six decimals and {@code Z}, for example {@code 2016-06-10T01:00:00.000000Z}.
   * Years beyond 9999 get a sign and more digits.
   */
  public static String isoMicros(long micros) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
    long time = Math.floorMod(micros, MICROS_PER_DAY);
    int year = date.getYear();
    boolean fourDigits = year >= 0 && year <= 9999;
    byte[] text = new byte[27];
    if (fourDigits) {
      putDigits(text, 0, 4, year);
      text[4] = '-';
      putDigits(text, 5, 2, date.getMonthValue());
      text[7] = '-';
      putDigits(text, 8, 2, date.getDayOfMonth());
    }
    long seconds = time / MICROS_PER_SECOND;
    text[10] = 'T';
    putDigits(text, 11, 2, (int) (seconds / 3_600));
    text[13] = ':';
    putDigits(text, 14, 2, (int) (seconds / 60 % 60));
    text[16] = ':';
    putDigits(text, 17, 2, (int) (seconds % 60));
    text[19] = '.';
    putDigits(text, 20, 6, (int) (time % MICROS_PER_SECOND));
    text[26] = 'Z';
    if (fourDigits) {
      return new String(text, StandardCharsets.ISO_8859_1);
    }
    return date + new String(text, 10, 17, StandardCharsets.ISO_8859_1);
  }

  private static void putDigits(byte[] text, int start, int count, int number) {
    int rest = number;
    for (int i = start + count - 1; i >= start; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * The time that a number stands for: below 1e11 in absolute value seconds, below 1e14
   * milliseconds, else microseconds. Decimals beyond the microsecond are dropped towards minus
   * infinity. What does not fit 64 bits becomes the largest or smallest of them.
   *
   * @return empty when the text is not a JSON number
   */
  public static OptionalLong ofNumber(String literal) {
    int length = literal.length();
    if (length > 0 && length <= 18 && literal.charAt(0) != '-') {
      long whole = digits(literal, 0, length);
      if (whole >= 0 && (literal.charAt(0) != '0' || length == 1)) {
        return OptionalLong.of(
            length <= 11 ? whole * MICROS_PER_SECOND : length <= 14 ? whole * 1_000 : whole);
      }
    }
    DecimalLiteral decimal = DecimalLiteral.parse(literal);
    if (decimal == null) {
      return OptionalLong.empty();
    }
    int power = decimal.isBelowPowerOfTen(11) ? 6 : decimal.isBelowPowerOfTen(14) ? 3 : 0;
    return OptionalLong.of(decimal.floorTimesPowerOfTen(power));
  }

  /**
   * The time that an ISO-8601 date and time stands for, in the extended format: {@code
   * 2016-06-10T01:00}, seconds and a fraction if wanted (beyond the microsecond dropped), then
   * nothing or {@code Z} for UTC, or an offset {@code ±hh:mm}, {@code ±hhmm} or {@code ±hh} of at
   * most 18 hours. Hour 24 and second 60 are refused.
   *
   * @return empty when the text is none
   */
  public static OptionalLong ofIso(String text) {
    int length = text.length();
    if (length < 16
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':') {
      return OptionalLong.empty();
    }
    int year = (int) digits(text, 0, 4);
    int month = (int) digits(text, 5, 7);
    int day = (int) digits(text, 8, 10);
    int hour = (int) digits(text, 11, 13);
    int minute = (int) digits(text, 14, 16);
    int second = 0;
    int fraction = 0;
    int position = 16;
    if (position < length && text.charAt(position) == ':') {
      second = (int) digits(text, 17, 19);
      position = 19;
      if (position < length && (text.charAt(position) == '.' || text.charAt(position) == ',')) {
        int start = position + 1;
        int end = start;
        while (end < length && isDigit(text.charAt(end))) {
          end++;
        }
        if (end == start) {
          return OptionalLong.empty();
        }
        for (int i = start; i < start + 6; i++) {
          fraction = fraction * 10 + (i < end ? text.charAt(i) - '0' : 0);
        }
        position = end;
      }
    }
    if ((year | month | day | hour | minute | second) < 0
        || month == 0
        || month > 12
        || day == 0
        || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())
        || hour > 23
        || minute > 59
        || second > 59) {
      return OptionalLong.empty();
    }
    int offset = offsetMinutes(text, position);
    if (offset == Integer.MIN_VALUE) {
      return OptionalLong.empty();
    }
    long minutes =
        LocalDate.of(year, month, day).toEpochDay() * MINUTES_PER_DAY
            + hour * MINUTES_PER_HOUR
            + minute
            - offset;
    return OptionalLong.of((minutes * SECONDS_PER_MINUTE + second) * MICROS_PER_SECOND + fraction);
  }

  /** What {@code ts} means as a string: a number, or else a date and time. */
  public static OptionalLong ofText(String text) {
    OptionalLong number = ofNumber(text);
    return number.isPresent() ? number : ofIso(text);
  }

  /** The offset that ends the text, in minutes; the smallest integer when it is none. */
  private static int offsetMinutes(String text, int start) {
    int rest = text.length() - start;
    if (rest == 0 || (rest == 1 && text.charAt(start) == 'Z')) {
      return 0;
    }
    if (rest != 3 && rest != 5 && rest != 6) {
      return Integer.MIN_VALUE;
    }
    char sign = text.charAt(start);
    int hours = (int) digits(text, start + 1, start + 3);
    int minutes =
        switch (rest) {
          case 5 -> (int) digits(text, start + 3, start + 5);
          case 6 -> text.charAt(start + 3) == ':' ? (int) digits(text, start + 4, start + 6) : -1;
          default -> 0;
        };
    int total = hours * MINUTES_PER_HOUR + minutes;
    if ((sign != '+' && sign != '-')
        || hours < 0
        || minutes < 0
        || minutes > 59
        || total > LONGEST_OFFSET_MINUTES) {
      return Integer.MIN_VALUE;
    }
    return sign == '-' ? -total : total;
  }

  /** The number in a range of the text, at most 18 digits; -1 when anything else is there. */
  private static long digits(String text, int start, int end) {
    if (end > text.length()) {
      return -1;
    }
    long number = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
