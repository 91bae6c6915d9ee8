package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoursInARowTest {
  private static List<Instant> hours(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> Instant.parse("2016-06-10T00:00:00Z").plus(number, ChronoUnit.HOURS))
        .toList();
  }

  @Test
  void hours_in_a_row_are_put_together_and_come_when_the_first_of_them_does() {
    assertThat(HoursInARow.of(hours(7, 30, 6, 2, 8), hour -> false))
        .containsExactly(hours(6, 7, 8), hours(30), hours(2));
  }

  @Test
  void one_that_has_to_be_alone_is_put_together_with_none() {
    assertThat(HoursInARow.of(hours(5, 6, 7, 8), Set.copyOf(hours(6))::contains))
        .containsExactly(hours(5), hours(6), hours(7, 8));
  }
}
