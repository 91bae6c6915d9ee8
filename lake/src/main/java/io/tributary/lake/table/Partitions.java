package io.tributary.lake.table;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.StructField;
import io.tributary.layout.LakeLayout;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The ways in which our tables are spread over folders. */
final class Partitions {
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private Partitions() {}

  /** By UTC year, month, day and hour of a time in microseconds; the key counts hours. */
  static <T> TableLayout.Partitioning<T> byHour(ToLongFunction<T> micros) {
    return new ByHour<>(micros);
  }

  /** By UTC year, month and day of a time in microseconds; the key counts days. */
  static <T> TableLayout.Partitioning<T> byDay(ToLongFunction<T> micros) {
    return new ByDay<>(micros);
  }

  /** By UTC date of a time in microseconds; the key counts days. */
  static <T> TableLayout.Partitioning<T> byDate(ToLongFunction<T> micros) {
    return new ByDate<>(micros);
  }

  private record ByHour<T>(ToLongFunction<T> micros) implements TableLayout.Partitioning<T> {
    @Override
    public List<StructField> columns() {
      return List.of(
          new StructField(LakeLayout.YEAR, IntegerType.INTEGER, true),
          new StructField(LakeLayout.MONTH, IntegerType.INTEGER, true),
          new StructField(LakeLayout.DAY, IntegerType.INTEGER, true),
          new StructField(LakeLayout.HOUR, IntegerType.INTEGER, true));
    }

    @Override
    public long key(T row) {
      return Math.floorDiv(micros.applyAsLong(row), MICROS_PER_HOUR);
    }

    @Override
    public Map<String, Literal> values(long key) {
      return PartitionValues.of(hour(key));
    }

    @Override
    public String directory(long key) {
      LocalDateTime hour = hour(key);
      return "year=%d/month=%d/day=%d/hour=%d"
          .formatted(hour.getYear(), hour.getMonthValue(), hour.getDayOfMonth(), hour.getHour());
    }

    private static LocalDateTime hour(long key) {
      return LocalDateTime.ofEpochSecond(key * 3600, 0, ZoneOffset.UTC);
    }
  }

  private record ByDay<T>(ToLongFunction<T> micros) implements TableLayout.Partitioning<T> {
    @Override
    public List<StructField> columns() {
      return List.of(
          new StructField(LakeLayout.YEAR, IntegerType.INTEGER, true),
          new StructField(LakeLayout.MONTH, IntegerType.INTEGER, true),
          new StructField(LakeLayout.DAY, IntegerType.INTEGER, true));
    }

    @Override
    public long key(T row) {
      return Math.floorDiv(micros.applyAsLong(row), MICROS_PER_DAY);
    }

    @Override
    public Map<String, Literal> values(long key) {
      return PartitionValues.of(LocalDate.ofEpochDay(key));
    }

    @Override
    public String directory(long key) {
      LocalDate day = LocalDate.ofEpochDay(key);
      return "year=%d/month=%d/day=%d"
          .formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
    }
  }

  private record ByDate<T>(ToLongFunction<T> micros) implements TableLayout.Partitioning<T> {
    @Override
    public List<StructField> columns() {
      return List.of(new StructField(LakeLayout.DATE, DateType.DATE, true));
    }

    @Override
    public long key(T row) {
      return Math.floorDiv(micros.applyAsLong(row), MICROS_PER_DAY);
    }

    @Override
    public Map<String, Literal> values(long key) {
      return Map.of(LakeLayout.DATE, Literal.ofDate(Math.toIntExact(key)));
    }

    @Override
    public String directory(long key) {
      return "date=" + LocalDate.ofEpochDay(key);
    }
  }
}
