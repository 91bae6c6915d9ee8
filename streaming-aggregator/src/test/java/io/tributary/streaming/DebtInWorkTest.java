package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DebtInWorkTest {
  /** Near the end of what a long holds: such clocks turn over. */
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  private final DebtInWork work =
      new DebtInWork(
          new StreamingConfiguration.Retry(Duration.ofSeconds(1), Duration.ofSeconds(3)), START);

  private long pauseAfterFailure(String why) {
    work.failed(why, START);
    long seconds = 0;
    while (!work.isDue(START + Duration.ofSeconds(seconds).toNanos())) {
      seconds++;
    }
    return seconds;
  }

  @Test
  void it_is_tried_ever_later_until_something_is_filled() {
    assertThat(work.isDue(START)).isTrue();
    assertThat(pauseAfterFailure("closed")).isEqualTo(1);
    assertThat(pauseAfterFailure("closed")).isEqualTo(2);
    assertThat(pauseAfterFailure("closed")).isEqualTo(3);
    assertThat(pauseAfterFailure("closed")).isEqualTo(3);

    work.progressed(5);
    assertThat(pauseAfterFailure("closed")).isEqualTo(1);
    assertThat(work.rows()).isEqualTo(5);
  }

  @Test
  void a_reason_is_shown_until_something_is_filled_and_is_new_once() {
    assertThat(work.failed("closed", START)).isTrue();
    assertThat(work.problem()).isEqualTo("closed");
    assertThat(work.failed("closed", START)).isFalse();
    work.progressed(1);
    assertThat(work.problem()).isNull();
    assertThat(work.failed("closed", START)).isFalse();
    assertThat(work.problem()).isEqualTo("closed");

    assertThat(work.failed("read-only", START)).isTrue();
  }
}
