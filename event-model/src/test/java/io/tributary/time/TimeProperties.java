package io.tributary.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class TimeProperties {
  @Property
  void whatIsWrittenIsReadAgain(
      @ForAll @LongRange(min = -62_167_219_200_000_000L, max = Timestamps.LATEST) long micros) {
    String text = Timestamps.isoMicros(micros);

    assertThat(Timestamps.ofIso(text)).hasValue(micros);
    assertThat(Instant.parse(text)).isEqualTo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  @Property
  void offsetsMeanWhatTheLibraryOfJavaSays(
      @ForAll @LongRange(min = 0, max = 4_102_444_800L) long seconds,
      @ForAll @IntRange(min = -1_080, max = 1_080) int offsetMinutes) {
    String text =
        Instant.ofEpochSecond(seconds)
            .atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60))
            .toString();

    assertThat(Timestamps.ofIso(text)).hasValue(seconds * 1_000_000);
  }

  @Property
  void numbersAreExact(
      @ForAll BigDecimal unscaled, @ForAll @IntRange(min = -12, max = 25) int exponent) {
    BigDecimal number = unscaled.scaleByPowerOfTen(exponent);
    BigDecimal size = number.abs();
    int power =
        size.compareTo(new BigDecimal("1e11")) < 0
            ? 6
            : size.compareTo(new BigDecimal("1e14")) < 0 ? 3 : 0;
    BigDecimal exact = number.scaleByPowerOfTen(power).setScale(0, RoundingMode.FLOOR);
    BigDecimal bounded =
        exact.max(BigDecimal.valueOf(Long.MIN_VALUE)).min(BigDecimal.valueOf(Long.MAX_VALUE));

    assertThat(Timestamps.ofNumber(number.toString())).hasValue(bounded.longValueExact());
    assertThat(Timestamps.ofNumber(number.toPlainString())).hasValue(bounded.longValueExact());
  }

  @Property
  void theDaysOfARangeAreThoseOfItsTimes(
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long start,
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long length) {
    TimeRange range = new TimeRange(start, start + length);

    assertThat(range.days()).hasSize((int) range.dayCount()).isSorted().doesNotHaveDuplicates();
    assertThat(range.days().get(0))
        .isEqualTo(
            Instant.EPOCH.plus(start, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC).toLocalDate());
    assertThat(range.days().get(range.days().size() - 1))
        .isEqualTo(
            Instant.EPOCH
                .plus(start + length - 1, ChronoUnit.MICROS)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate());
  }
}
