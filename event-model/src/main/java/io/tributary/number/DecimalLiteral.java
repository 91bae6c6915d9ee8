package io.tributary.number;

import org.jspecify.annotations.Nullable;

/**
 * A number as JSON writes it, read exactly. Time and space depend on the length of the text alone,
 * never on the exponent, so {@code 1e999999999} is as harmless as {@code 1}.
 */
public final class DecimalLiteral {
  /** Beyond any exponent that the digits of a value could bring back into range. */
  private static final long EXPONENT_LIMIT = 1_000_000_000_000L;

  private final boolean negative;

  /** Significant digits without leading and trailing zeros; empty for zero. */
  private final String digits;

  /** The number is 0.digits × 10^magnitude. */
  private final long magnitude;

  private DecimalLiteral(boolean negative, String digits, long magnitude) {
    this.negative = negative;
    this.digits = digits;
    this.magnitude = magnitude;
  }

  /** Reads a text by the grammar of JSON numbers; null when it is none. */
  public static @Nullable DecimalLiteral parse(String text) {
    int length = text.length();
    boolean negative = length > 0 && text.charAt(0) == '-';
    int whole = negative ? 1 : 0;
    int wholeEnd = endOfDigits(text, whole);
    if (wholeEnd == whole || (text.charAt(whole) == '0' && wholeEnd > whole + 1)) {
      return null;
    }
    int position = wholeEnd;
    String digits = text.substring(whole, wholeEnd);
    if (position < length && text.charAt(position) == '.') {
      int fractionEnd = endOfDigits(text, position + 1);
      if (fractionEnd == position + 1) {
        return null;
      }
      digits += text.substring(position + 1, fractionEnd);
      position = fractionEnd;
    }
    long exponent = 0;
    if (position < length && (text.charAt(position) | 0x20) == 'e') {
      position++;
      boolean down = position < length && text.charAt(position) == '-';
      if (down || (position < length && text.charAt(position) == '+')) {
        position++;
      }
      int exponentEnd = endOfDigits(text, position);
      if (exponentEnd == position) {
        return null;
      }
      for (; position < exponentEnd; position++) {
        exponent = Math.min(EXPONENT_LIMIT, exponent * 10 + (text.charAt(position) - '0'));
      }
      exponent = down ? -exponent : exponent;
    }
    if (position != length) {
      return null;
    }
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    int last = digits.length();
    while (last > first && digits.charAt(last - 1) == '0') {
      last--;
    }
    return new DecimalLiteral(
        negative, digits.substring(first, last), (wholeEnd - whole) - first + exponent);
  }

  private static int endOfDigits(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** Whether the absolute value is below ten to this power. */
  public boolean isBelowPowerOfTen(int power) {
    return digits.isEmpty() || magnitude <= power;
  }

  /** Whether it has no fraction: 12, 12.0 and 1e3 have none. */
  public boolean isWhole() {
    return digits.isEmpty() || magnitude >= digits.length();
  }

  /**
   * The largest whole number that is not above this number times ten to the power; {@link
   * Long#MAX_VALUE} or {@link Long#MIN_VALUE} when it does not fit.
   */
  public long floorTimesPowerOfTen(int power) {
    if (digits.isEmpty()) {
      return 0;
    }
    long wholeDigits = magnitude + power;
    if (wholeDigits > 19) {
      return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    // Taken below zero all the way, because there is one more number there.
    long whole = 0;
    for (int i = 0; i < wholeDigits; i++) {
      int digit = i < digits.length() ? digits.charAt(i) - '0' : 0;
      if (whole < (Long.MIN_VALUE + digit) / 10) {
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
      whole = whole * 10 - digit;
    }
    if (!negative) {
      return whole == Long.MIN_VALUE ? Long.MAX_VALUE : -whole;
    }
    boolean exact = digits.length() <= wholeDigits;
    return exact || whole == Long.MIN_VALUE ? whole : whole - 1;
  }

  /** The number itself when it is whole and has 64 bits, else null. */
  public @Nullable Long asLong() {
    if (!isWhole() || !isBelowPowerOfTen(19)) {
      return null;
    }
    long value = floorTimesPowerOfTen(0);
    if (value == Long.MAX_VALUE && !digits.equals("9223372036854775807")) {
      return null;
    }
    if (value == Long.MIN_VALUE && !digits.equals("9223372036854775808")) {
      return null;
    }
    return value;
  }
}
