package io.tributary.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditOrderTest {
  private static final Instant ONE = Instant.parse("2016-06-10T01:00:00Z");
  private static final long ONE_MICROS = 1_465_520_400_000_000L;
  private static final long HOUR = 3_600_000_000L;

  @Test
  void a_range_grows_to_whole_hours_and_one_of_whole_hours_stays() {
    assertThat(AuditOrder.wholeHours(ONE, ONE.plusSeconds(3_600)))
        .isEqualTo(new TimeRange(ONE_MICROS, ONE_MICROS + HOUR));
    assertThat(AuditOrder.wholeHours(ONE.plusSeconds(3_599), ONE.plusSeconds(3_600).plusNanos(1)))
        .isEqualTo(new TimeRange(ONE_MICROS, ONE_MICROS + 2 * HOUR));
  }

  @Test
  void an_order_of_half_hours_is_refused() {
    assertThatThrownBy(
            () ->
                new AuditOrder(
                    new TimeRange(ONE_MICROS, ONE_MICROS + HOUR / 2),
                    JudgedOffsets.all(),
                    AuditOrder.Closeness.DIGESTS,
                    AuditOrder.Remedy.NAMED))
        .hasMessageContaining("whole hours");
  }

  @Test
  void everything_is_in_everything() {
    assertThat(AuditOrder.everything().contains(0)).isTrue();
    assertThat(AuditOrder.everything().contains(Timestamps.LATEST)).isTrue();
  }
}
