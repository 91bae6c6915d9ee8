package io.tributary.lake.config;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in bytes, written {@code 64KiB}, {@code 5MiB}, {@code 1GiB} or as a bare number of bytes.
 */
public record ByteSize(long bytes) implements Serializable {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)?");

  /** Throws {@link IllegalArgumentException} with the rule when the text is no size. */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a size such as 64KiB, 5MiB or 1048576");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor =
        switch (unit) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1;
        };
    long amount = Long.parseLong(matcher.group(1));
    if (amount > Long.MAX_VALUE / factor) {
      throw new IllegalArgumentException("must be below 8589934592GiB");
    }
    return new ByteSize(amount * factor);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%dB", bytes);
  }
}
