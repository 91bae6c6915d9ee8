package io.tributary.event;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A field of {@code params} that is copied to a column and an index field of its own.
 *
 * @param name {@code [a-z][a-z0-9_]{0,62}}, not the name of a built-in column
 * @param path a JSON Pointer when it begins with {@code /}, else a top-level key of {@code params}
 */
public record TypedField(String name, String path, Type type) implements Serializable {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

  /** Columns and index fields that every event has. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "event_id",
          "event_type",
          "ts",
          "ts_micros",
          "user_id",
          "session_id",
          "params",
          "digest",
          "d0",
          "d1",
          "d2",
          "kafka_topic",
          "kafka_partition",
          "kafka_offset",
          "kafka_ts",
          "year",
          "month",
          "day",
          "hour");

  /** Throws {@link IllegalArgumentException} when the name or the path breaks a rule. */
  public TypedField {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Invalid field name: %s (must match %s). Rename the field."
              .formatted(name, NAME.pattern()));
    }
    if (BUILT_IN.contains(name)) {
      throw new IllegalArgumentException(
          "Invalid field name: %s (every event has a column of that name). Rename the field."
              .formatted(name));
    }
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid path of field %s: it is empty. Give a key of params or a JSON Pointer."
              .formatted(name));
    }
    if (path.startsWith("/") && BAD_ESCAPE.matcher(path).find()) {
      throw new IllegalArgumentException(
          "Invalid path of field %s: %s (~ must be followed by 0 or 1 in a JSON Pointer). Write ~0 for ~."
              .formatted(name, path));
    }
  }

  /** What a field's values are. */
  public enum Type {
    /** A string; a number or a boolean as its literal text. */
    STRING,
    /**
     * A whole number of 64 bits, as a number ({@code 12}, {@code 12.0}, {@code 1e3}) or as text.
     */
    LONG,
    /** The nearest finite 64-bit floating point number of a number, or of its text. */
    DOUBLE,
    /** {@code true} or {@code false}, bare or as text. */
    BOOLEAN,
    /** A time by the rules of {@code ts}, from year 1 to year 9999. */
    TIMESTAMP,
    /** {@code {"lat":1,"lon":2}}, {@code "lat,lon"} or, as GeoJSON orders it, {@code [lon,lat]}. */
    GEO_POINT;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The code in configuration, for example {@code geo_point}. */
    public String code() {
      return code;
    }

    /** Throws {@link IllegalArgumentException} when there is no such type. */
    public static Type fromCode(String code) {
      for (Type type : values()) {
        if (type.code.equals(code)) {
          return type;
        }
      }
      throw new IllegalArgumentException(
          "Invalid field type: %s (must be one of %s)."
              .formatted(
                  code, Arrays.stream(values()).map(Type::code).collect(Collectors.joining(", "))));
    }
  }
}
