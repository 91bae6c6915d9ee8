package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.delta.kernel.expressions.Literal;
import io.tributary.lake.table.PartitionValues;
import io.tributary.layout.LakeLayout;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;

/**
 * Whole minutes within one UTC hour of event time: what has to be counted again.
 *
 * @param hour hours since the epoch
 * @param fromMinute first minute of the hour, 0 to 59
 * @param toMinute last minute of the hour, included
 */
record Slice(long hour, int fromMinute, int toMinute) {
  private static final long MICROS_PER_MINUTE = 60_000_000L;
  private static final long MINUTES_PER_HOUR = 60;

  /** The slice that covers both, which are of one hour. */
  Slice cover(Slice other) {
    return new Slice(
        hour, Math.min(fromMinute, other.fromMinute), Math.max(toMinute, other.toMinute));
  }

  /** The slice of a file's events between two times of one hour. */
  static Slice of(long fromMicros, long toMicros) {
    long from = Math.floorDiv(fromMicros, MICROS_PER_MINUTE);
    long to = Math.floorDiv(toMicros, MICROS_PER_MINUTE);
    return new Slice(
        Math.floorDiv(from, MINUTES_PER_HOUR),
        (int) Math.floorMod(from, MINUTES_PER_HOUR),
        (int) Math.floorMod(to, MINUTES_PER_HOUR));
  }

  /** The first moment. */
  long fromMicros() {
    return (hour * MINUTES_PER_HOUR + fromMinute) * MICROS_PER_MINUTE;
  }

  /** The first moment behind it. */
  long untilMicros() {
    return (hour * MINUTES_PER_HOUR + toMinute + 1) * MICROS_PER_MINUTE;
  }

  private LocalDateTime time() {
    return LocalDateTime.ofEpochSecond(hour * 3600, 0, ZoneOffset.UTC);
  }

  /** Where a time lies in one of these slices. */
  static Column containing(List<Slice> slices, Column time) {
    return slices.stream().map(slice -> slice.between(time)).reduce(Column::or).orElse(lit(false));
  }

  /** The events of slices; named by partition first, so that only their folders are read. */
  static Column events(List<Slice> slices) {
    return slices.stream().map(Slice::events).reduce(Column::or).orElse(lit(false));
  }

  private Column events() {
    return onDay()
        .and(col(LakeLayout.HOUR).equalTo(time().getHour()))
        .and(between(col(LakeLayout.TS)));
  }

  /** The folders of {@code events} that slices are in. */
  static List<Map<String, Literal>> hours(List<Slice> slices) {
    return slices.stream().map(slice -> PartitionValues.of(slice.time())).distinct().toList();
  }

  /** The folders of {@code event_counts} that slices are in. */
  static List<Map<String, Literal>> days(List<Slice> slices) {
    return slices.stream()
        .map(slice -> slice.time().toLocalDate())
        .distinct()
        .map(PartitionValues::of)
        .toList();
  }

  /** The counts of slices, as SQL text. */
  static String countsSql(List<Slice> slices) {
    return slices.stream()
        .map(Slice::countsSql)
        .reduce((left, right) -> left + " OR " + right)
        .orElse("false");
  }

  private String countsSql() {
    return "(year = %d AND month = %d AND day = %d AND window_start >= timestamp_micros(%d) AND window_start < timestamp_micros(%d))"
        .formatted(
            time().getYear(),
            time().getMonthValue(),
            time().getDayOfMonth(),
            fromMicros(),
            untilMicros());
  }

  private Column onDay() {
    return col(LakeLayout.YEAR)
        .equalTo(time().getYear())
        .and(col(LakeLayout.MONTH).equalTo(time().getMonthValue()))
        .and(col(LakeLayout.DAY).equalTo(time().getDayOfMonth()));
  }

  private Column between(Column time) {
    return time.geq(timestamp_micros(lit(fromMicros())))
        .and(time.lt(timestamp_micros(lit(untilMicros()))));
  }
}
