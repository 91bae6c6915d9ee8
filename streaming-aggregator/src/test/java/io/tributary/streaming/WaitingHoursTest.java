package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingHoursTest {
  private static final Instant FIRST = Instant.parse("2016-06-10T00:00:00Z");

  private static Instant hour(int number) {
    return FIRST.plus(number, ChronoUnit.HOURS);
  }

  /** A later job's, after this one was killed. */
  private static WaitingHours after(WaitingHours killed) {
    return WaitingHours.at(ViewPosition.fromJson(killed.position().json()));
  }

  @Test
  void the_first_job_begins_before_the_first_commit() {
    assertThat(WaitingHours.at(ViewPosition.START).noted()).isEqualTo(-1);
  }

  @Test
  void an_hour_that_is_judged_leaves_and_one_written_to_since_stays() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    line.touched(hour(1), 5);
    line.touched(hour(2), 5);
    line.touched(hour(2), 8);

    line.judged(hour(1), 7);
    line.judged(hour(2), 7);
    assertThat(line.next(9)).containsExactly(hour(2));

    line.judged(hour(2), 8);
    assertThat(line.size()).isZero();
  }

  @Test
  void no_hour_is_overtaken_by_newer_ones_and_one_that_fails_goes_to_the_end() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    for (int i = 0; i < 30; i++) {
      line.touched(hour(i), i);
    }
    // Written to again and again, as the hour of now is.
    line.touched(hour(29), 40);
    line.touched(hour(0), 41);
    assertThat(line.next(3)).containsExactly(hour(0), hour(1), hour(2));

    line.postponed(hour(0));
    assertThat(line.next(3)).containsExactly(hour(1), hour(2), hour(3));
    for (int i = 1; i < 30; i++) {
      line.judged(hour(i), 50);
    }
    assertThat(line.next(3)).containsExactly(hour(0));
  }

  @Test
  void a_later_job_knows_every_hour_that_waited_and_no_other() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    line.touched(hour(1), 5);
    line.touched(hour(2), 6);
    line.touched(hour(3), 7);
    line.notedUpTo(7);
    line.judged(hour(2), 7);

    WaitingHours later = after(line);

    assertThat(later.next(9)).containsExactly(hour(1), hour(3));
    assertThat(later.noted()).isEqualTo(7);
  }

  @Test
  void of_more_hours_than_are_written_down_a_later_job_finds_the_others_by_their_commits() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    int many = WaitingHours.MOST_WRITTEN_DOWN + 50;
    for (int i = 0; i < many; i++) {
      line.touched(hour(i), 100 + i);
    }
    line.notedUpTo(100 + many);

    WaitingHours later = after(line);

    assertThat(later.size()).isEqualTo(WaitingHours.MOST_WRITTEN_DOWN);
    assertThat(later.noted()).isEqualTo(100 + WaitingHours.MOST_WRITTEN_DOWN - 1);
  }

  @Test
  void a_job_that_stood_long_begins_at_a_bounded_distance_and_keeps_the_hours_by_name() {
    ViewPosition left = new ViewPosition(10, List.of(3_600L));

    assertThat(left.atMostBehind(12, 5)).isEqualTo(left);
    assertThat(left.atMostBehind(100, 5)).isEqualTo(new ViewPosition(95, List.of(3_600L)));
  }
}
