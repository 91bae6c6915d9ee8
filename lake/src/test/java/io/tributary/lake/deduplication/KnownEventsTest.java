package io.tributary.lake.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownEventsTest {
  private final KnownEvents known = new KnownEvents(4);

  private void fill(int day, int events) {
    known.load(day, events);
    for (int hash = 0; hash < events; hash++) {
      known.add(day, hash, 100 + hash);
    }
  }

  @Test
  void knows_a_digest_by_day_and_hash() {
    fill(7, 2);

    assertThat(known.digest(7, 1)).isEqualTo(101);
    assertThat(known.digest(7, 5)).isEqualTo(KnownEvents.ABSENT);
  }

  @Test
  void the_same_hash_on_two_days_is_two_events() {
    fill(7, 1);
    fill(8, 0);

    assertThat(known.digest(8, 0)).isEqualTo(KnownEvents.ABSENT);
  }

  @Test
  void of_two_with_one_hash_the_first_stays() {
    fill(7, 1);

    known.add(7, 0, 999);

    assertThat(known.digest(7, 0)).isEqualTo(100);
  }

  @Test
  void asks_for_the_days_it_has_not_loaded() {
    fill(7, 1);

    assertThat(known.missing(List.of(9, 7, 8))).containsExactly(8, 9);
  }

  @Test
  void refuses_to_answer_for_a_day_that_is_not_loaded() {
    assertThatThrownBy(() -> known.digest(7, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Day 7 was asked for before it was loaded");
  }

  @Test
  void forgets_the_days_untouched_for_longest_when_it_holds_too_much() {
    fill(1, 2);
    fill(2, 2);
    fill(3, 2);
    known.digest(1, 0);

    known.evict(Set.of(3));

    assertThat(known.missing(List.of(1, 2, 3))).containsExactly(2);
    assertThat(known.size()).isEqualTo(4);
  }

  @Test
  void keeps_the_days_of_the_batch_at_hand_even_above_its_capacity() {
    fill(1, 3);
    fill(2, 3);

    known.evict(Set.of(1, 2));

    assertThat(known.size()).isEqualTo(6);
  }

  @Test
  void forgets_everything_when_told_to() {
    fill(1, 3);

    known.clear();

    assertThat(known.size()).isZero();
    assertThat(known.missing(List.of(1))).containsExactly(1);
  }
}
