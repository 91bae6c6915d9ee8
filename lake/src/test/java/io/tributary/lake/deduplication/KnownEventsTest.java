package io.tributary.lake.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.unimi.dsi.fastutil.HashCommon;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownEventsTest {
  private static final long PLENTY = 1L << 30;

  /** Two days of a thousand events exactly, and some filters. */
  private static final long TWO_DAYS = 2 * ExactDay.bytesFor(1_000);

  private KnownEvents known = new KnownEvents(PLENTY, 0);

  private static long hash(int event) {
    return HashCommon.mix(event + 1L);
  }

  private void load(int day, int events, Map<Integer, Integer> touched) {
    Map<Integer, KnownDay> planned = known.plan(Map.of(day, (long) events), touched);
    planned.forEach(
        (planFor, empty) -> {
          for (int event = 0; event < events; event++) {
            empty.add(hash(event), 100 + event);
          }
          known.know(planFor, empty);
        });
  }

  private void load(int day, int events) {
    load(day, events, Map.of(day, 1));
  }

  private static ExactDay exact(int events) {
    ExactDay day = new ExactDay();
    for (int event = 0; event < events; event++) {
      day.add(hash(event), 100 + event);
    }
    return day;
  }

  @Test
  void knows_a_digest_by_day_and_hash() {
    load(7, 2);

    assertThat(known.day(7).digest(hash(1))).isEqualTo(101);
    assertThat(known.day(7).digest(hash(5))).isEqualTo(KnownDay.NEW);
  }

  @Test
  void the_same_hash_on_two_days_is_two_events() {
    load(7, 1);
    load(8, 0);

    assertThat(known.day(8).digest(hash(0))).isEqualTo(KnownDay.NEW);
  }

  @Test
  void of_two_with_one_hash_the_first_stays() {
    load(7, 1);

    known.add(7, hash(0), 999);

    assertThat(known.day(7).digest(hash(0))).isEqualTo(100);
    assertThat(known.size()).isEqualTo(1);
  }

  @Test
  void a_digest_is_never_negative() {
    load(7, 0);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> known.add(7, 1, -1))
        .withMessage("Invalid digest: -1 (not negative)");
  }

  @Test
  void asks_for_the_days_it_has_not_loaded() {
    load(7, 1);

    assertThat(known.missing(Map.of(9, 1, 7, 1, 8, 1))).containsExactly(8, 9);
  }

  @Test
  void refuses_to_answer_for_a_day_that_is_not_loaded() {
    assertThatThrownBy(() -> known.day(7))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Day 7 was asked for before it was loaded");
  }

  @Test
  void an_event_of_a_day_that_is_not_known_completes_nothing() {
    known.add(7, hash(1), 5);

    assertThat(known.missing(Map.of(7, 1))).containsExactly(7);
  }

  @Test
  void the_day_untouched_for_longest_becomes_a_filter_when_another_needs_its_room() {
    known = new KnownEvents(TWO_DAYS, 0);
    load(1, 1_000);
    load(2, 1_000);
    assertThat(known.missing(Map.of(1, 1))).isEmpty();

    load(3, 1_000);

    assertThat(known.day(1)).isInstanceOf(ExactDay.class);
    assertThat(known.day(2)).isInstanceOf(FilteredDay.class);
    assertThat(known.day(3)).isInstanceOf(ExactDay.class);
    assertThat(known.bytes()).isLessThanOrEqualTo(TWO_DAYS);
    for (int event = 0; event < 1_000; event++) {
      assertThat(known.day(2).digest(hash(event))).isEqualTo(KnownDay.SUSPECT);
    }
  }

  @Test
  void a_filter_lets_nearly_all_that_is_new_pass() {
    known = new KnownEvents(FilteredDay.bytesFor(1_000) + 64, 0);
    load(1, 1_000);
    int suspected = 0;
    for (int event = 1_000; event < 11_000; event++) {
      suspected += known.day(1).digest(hash(event)) == KnownDay.SUSPECT ? 1 : 0;
    }

    assertThat(known.day(1)).isInstanceOf(FilteredDay.class);
    assertThat(suspected).isLessThan(200);
  }

  @Test
  void filters_of_days_long_past_are_never_given_up_for_knowing_another_exactly() {
    known = new KnownEvents(ExactDay.bytesFor(1_000) + 4 * FilteredDay.bytesFor(1_000), 0);
    for (int day = 1; day <= 30; day++) {
      load(day, 1_000);
    }

    assertThat(known.bytes())
        .isLessThanOrEqualTo(ExactDay.bytesFor(1_000) + 4 * FilteredDay.bytesFor(1_000));
    long filters =
        known.days().stream().filter(day -> known.day(day) instanceof FilteredDay).count();
    assertThat(filters).isGreaterThanOrEqualTo(4);
  }

  @Test
  void the_busiest_day_of_a_batch_is_the_one_that_is_known_exactly() {
    known = new KnownEvents(ExactDay.bytesFor(1_000) + FilteredDay.bytesFor(1_000), 0);

    Map<Integer, KnownDay> planned =
        known.plan(Map.of(1, 1_000L, 2, 1_000L, 3, 1_000L), Map.of(1, 5, 2, 500, 3, 1));

    assertThat(planned.get(2)).isInstanceOf(ExactDay.class);
    assertThat(planned.get(1)).isInstanceOf(FilteredDay.class);
    assertThat(planned.get(3)).isEqualTo(new UnknownDay(1_000));
    assertThat(new UnknownDay(1_000).digest(4)).isEqualTo(KnownDay.SUSPECT);
  }

  @Test
  void a_day_that_grows_stays_exact_while_others_of_its_batch_give_way() {
    long budget = exact(1_000).bytes() + exact(2_000).bytes() - 1;
    known = new KnownEvents(budget, 0);
    known.know(1, exact(1_000));
    known.know(2, exact(2_000));

    known.trim(Map.of(1, 10, 2, 1_000));

    assertThat(known.day(1)).isInstanceOf(FilteredDay.class);
    assertThat(known.day(2)).isInstanceOf(ExactDay.class);
    assertThat(known.bytes()).isLessThanOrEqualTo(budget);
  }

  @Test
  void memory_is_bounded_even_when_one_day_alone_is_too_large() {
    known = new KnownEvents(TWO_DAYS, 0);
    load(1, 1_000);
    for (int event = 1_000; event < 20_000; event++) {
      known.add(1, hash(event), 5);
    }

    known.trim(Map.of(1, 1_000));

    assertThat(known.bytes()).isLessThanOrEqualTo(TWO_DAYS);
    assertThat(known.day(1).digest(hash(19_999))).isEqualTo(KnownDay.SUSPECT);
  }

  @Test
  void a_filter_that_cost_two_reads_of_its_day_is_replaced_when_there_is_room_again() {
    FilteredDay third = new FilteredDay(100);
    known = new KnownEvents(2 * exact(1_000).bytes() + third.bytes(), 0);
    known.know(1, exact(1_000));
    known.know(2, exact(1_000));
    known.know(3, third);
    third.scanned();
    assertThat(known.missing(Map.of(3, 1))).isEmpty();

    third.scanned();

    assertThat(known.missing(Map.of(1, 1, 2, 1, 3, 1))).isEmpty();
    assertThat(known.missing(Map.of(3, 1))).containsExactly(3);
  }

  @Test
  void a_filter_that_holds_too_much_is_made_anew() {
    known = new KnownEvents(FilteredDay.bytesFor(10) + 64, 0);
    load(1, 10);
    for (int event = 10; event < 2_000; event++) {
      known.add(1, hash(event), 5);
    }

    assertThat(known.missing(Map.of(1, 1))).containsExactly(1);
  }

  @Test
  void a_small_day_is_forgotten_rather_than_filtered() {
    known = new KnownEvents(TWO_DAYS, 2_000);
    load(1, 1_000);
    load(2, 1_000);
    load(3, 1_000);

    assertThat(known.days()).containsExactly(2, 3);
  }

  @Test
  void forgets_everything_when_told_to() {
    load(1, 3);

    known.clear();

    assertThat(known.size()).isZero();
    assertThat(known.bytes()).isZero();
    assertThat(known.missing(Map.of(1, 1))).containsExactly(1);
  }
}
