package io.tributary.reader;

import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Expression;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Or;
import io.delta.kernel.expressions.Predicate;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arithmetic between time ranges and the partitions year, month, day, hour (UTC). */
final class Hours {
  /** The partition columns of {@code events}, coarsest first. */
  static final List<String> PARTITIONS =
      List.of(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR);

  private static final long MICROS_PER_HOUR = 3_600_000_000L;

  private Hours() {}

  /** Partitions and statistics that may hold rows of a non-empty range. */
  static Predicate touching(TimeRange range) {
    Predicate partitions =
        new And(
            bound(">", fields(range.startMicros()), 0),
            bound("<", fields(range.endMicros() - 1), 0));
    Column ts = new Column(LakeLayout.TS);
    Predicate statistics =
        new And(
            new Predicate(">=", ts, Literal.ofTimestamp(range.startMicros())),
            new Predicate("<", ts, Literal.ofTimestamp(range.endMicros())));
    return new And(partitions, statistics);
  }

  /** Whether every row filed under these partition values is inside the range. */
  static boolean isWholeHourInside(Map<String, @Nullable String> partitionValues, TimeRange range) {
    int[] fields = new int[4];
    for (int i = 0; i < fields.length; i++) {
      String value = partitionValues.get(Hours.PARTITIONS.get(i));
      if (value == null) {
        return false;
      }
      fields[i] = Integer.parseInt(value);
    }
    long start =
        Math.multiplyExact(
            OffsetDateTime.of(fields[0], fields[1], fields[2], fields[3], 0, 0, 0, ZoneOffset.UTC)
                .toEpochSecond(),
            1_000_000L);
    return range.startMicros() <= start && start + MICROS_PER_HOUR <= range.endMicros();
  }

  /** (year, month, day, hour) compared as a tuple: strictly beyond, or equal to the last field. */
  private static Predicate bound(String beyond, List<Integer> fields, int at) {
    Expression column = new Column(Hours.PARTITIONS.get(at));
    Expression value = Literal.ofInt(fields.get(at));
    if (at == fields.size() - 1) {
      return new Predicate(beyond + "=", column, value);
    }
    return new Or(
        new Predicate(beyond, column, value),
        new And(new Predicate("=", column, value), bound(beyond, fields, at + 1)));
  }

  private static List<Integer> fields(long micros) {
    OffsetDateTime time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    return List.of(time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour());
  }
}
