package io.tributary.lake.table;

import io.delta.kernel.expressions.Literal;
import io.tributary.layout.LakeLayout;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;

/** The values of the partition columns that name the folder of a time. */
public final class PartitionValues {
  private PartitionValues() {}

  /** Of a UTC day. */
  public static Map<String, Literal> of(LocalDate day) {
    return Map.of(
        LakeLayout.YEAR, Literal.ofInt(day.getYear()),
        LakeLayout.MONTH, Literal.ofInt(day.getMonthValue()),
        LakeLayout.DAY, Literal.ofInt(day.getDayOfMonth()));
  }

  /** Of the UTC hour that a time is in. */
  public static Map<String, Literal> of(LocalDateTime time) {
    return Map.of(
        LakeLayout.YEAR, Literal.ofInt(time.getYear()),
        LakeLayout.MONTH, Literal.ofInt(time.getMonthValue()),
        LakeLayout.DAY, Literal.ofInt(time.getDayOfMonth()),
        LakeLayout.HOUR, Literal.ofInt(time.getHour()));
  }
}
