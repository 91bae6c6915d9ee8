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
  void half_of_those_whose_turn_it_is_wait_longest_and_half_were_written_to_last() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    for (int i = 0; i < 30; i++) {
      line.touched(hour(i), i);
    }
    // Written to again and again, as the hour of now is.
    line.touched(hour(20), 40);
    line.touched(hour(0), 41);

    assertThat(line.next(6))
        .containsExactly(hour(0), hour(1), hour(20), hour(2), hour(29), hour(3));
  }

  @Test
  void the_hour_of_now_gets_its_turn_behind_an_import_of_years() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    for (int i = 0; i < 50_000; i++) {
      line.touched(hour(i), 5);
    }
    line.touched(hour(60_000), 6);

    assertThat(line.next(24)).contains(hour(60_000)).contains(hour(0), hour(11));
  }

  @Test
  void one_that_fails_goes_to_the_end_and_is_not_among_the_newest() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    for (int i = 0; i < 30; i++) {
      line.touched(hour(i), i);
    }

    line.failed(hour(0));
    line.failed(hour(29));

    assertThat(line.next(4)).containsExactly(hour(1), hour(28), hour(2), hour(27));
    assertThat(line.hasFailed(hour(29))).isTrue();
    for (int i = 1; i < 29; i++) {
      line.judged(hour(i), 50);
    }
    assertThat(line.next(3)).containsExactly(hour(0), hour(29));
  }

  @Test
  void an_hour_that_was_judged_or_could_be_compared_has_not_failed_any_more() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    line.touched(hour(1), 5);
    line.failed(hour(1));
    line.touched(hour(1), 6);
    assertThat(line.hasFailed(hour(1))).isTrue();

    line.postponed(hour(1));
    assertThat(line.hasFailed(hour(1))).isFalse();

    line.failed(hour(1));
    line.judged(hour(1), 5);
    assertThat(line.hasFailed(hour(1))).isFalse();
    assertThat(line.next(9)).containsExactly(hour(1));
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

    assertThat(later.next(9)).containsExactlyInAnyOrder(hour(1), hour(3));
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
  void hours_that_only_their_name_tells_are_written_down_also_behind_many_others() {
    WaitingHours line = WaitingHours.at(new ViewPosition(90, List.of(hour(0).getEpochSecond())));
    for (int i = 100; i < 100 + 2 * WaitingHours.MOST_WRITTEN_DOWN; i++) {
      line.touched(hour(i), i);
    }
    line.notedUpTo(5_000);
    line.postponed(hour(0));
    line.restOfDay(hour(50_000), 5_000);

    List<Long> named = line.position().hours();

    assertThat(named).contains(hour(0).getEpochSecond(), hour(50_001).getEpochSecond());
  }

  @Test
  void those_that_wait_for_very_many_commits_are_written_down_however_many() {
    WaitingHours line = WaitingHours.at(ViewPosition.START);
    int many = 2 * WaitingHours.MOST_WRITTEN_DOWN;
    for (int i = 0; i < many; i++) {
      line.touched(hour(i), 5);
    }
    line.notedUpTo(5);
    assertThat(line.position().hours()).hasSize(WaitingHours.MOST_WRITTEN_DOWN);

    long newest = 5 + WaitingHours.MOST_COMMITS_UNNAMED;
    line.notedUpTo(newest);

    assertThat(line.position().hours()).hasSize(many);
    assertThat(line.position().eventsVersion()).isEqualTo(newest);
  }

  @Test
  void a_job_that_stood_long_begins_at_a_bounded_distance_and_keeps_the_hours_by_name() {
    ViewPosition left = new ViewPosition(10, List.of(3_600L));

    assertThat(left.atMostBehind(12, 5)).isEqualTo(left);
    assertThat(left.atMostBehind(100, 5)).isEqualTo(new ViewPosition(95, List.of(3_600L)));
  }
}
