package io.tributary.lake.table;

import io.delta.kernel.types.DataType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table and where its values come from.
 *
 * @param value gives String, Integer, Long (also microseconds of a timestamp), Double, Boolean,
 *     byte[], {@link io.tributary.event.GeoPoint} or, in a nullable column, null
 * @param <T> what a row is made of
 */
public record Column<T>(
    String name,
    DataType type,
    Presence presence,
    Statistics statistics,
    Function<T, @Nullable Object> value) {

  /** Whether every row has a value. */
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  /**
   * Whether a file's smallest and largest value are kept in the log, where readers skip by them.
   */
  public enum Statistics {
    KEPT,
    /** For columns of long or private text, which would only swell the log. */
    LEFT_OUT
  }
}
