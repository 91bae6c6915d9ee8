package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HoursToFillTest {
  private static final List<Long> HOURS =
      hours("10T01", "14T02", "13T03", "13T04", "12T05", "11T06", "14T07");

  private final HoursToFill hours = new HoursToFill();

  private static long hour(String dayAndHour) {
    return Instant.parse("2016-06-%s:00:00Z".formatted(dayAndHour)).getEpochSecond();
  }

  private static List<Long> hours(String... names) {
    return Stream.of(names).map(HoursToFillTest::hour).toList();
  }

  private static String name(long hour) {
    return Instant.ofEpochSecond(hour).toString().substring(8, 13);
  }

  /**
   * A pass in which some days take no documents: what was tried, and down to where it is filled.
   */
  private List<String> pass(String... failing) {
    List<String> tried = new ArrayList<>();
    hours.begin(HOURS);
    for (OptionalLong hour = hours.next(); hour.isPresent(); hour = hours.next()) {
      String name = name(hour.getAsLong());
      if (Set.of(failing).contains(name.substring(0, 2))) {
        hours.failed();
        tried.add(name + " failed");
      } else {
        OptionalLong downTo = hours.filled();
        tried.add(name + (downTo.isPresent() ? " down to " + name(downTo.getAsLong()) : ""));
      }
    }
    return tried;
  }

  @Test
  void they_are_filled_newest_first() {
    assertThat(pass())
        .containsExactly(
            "14T07 down to 14T07",
            "14T02 down to 14T02",
            "13T04 down to 13T04",
            "13T03 down to 13T03",
            "12T05 down to 12T05",
            "11T06 down to 11T06",
            "10T01 down to 10T01");
    assertThat(hours.isDone()).isTrue();
  }

  @Test
  void an_hour_that_takes_no_documents_keeps_no_older_day_from_them_and_is_not_said_to_be_filled() {
    assertThat(pass("13"))
        .containsExactly(
            "14T07 down to 14T07",
            "14T02 down to 14T02",
            "13T04 failed",
            "12T05",
            "11T06",
            "10T01");
    assertThat(hours.isDone()).isFalse();

    // What is filled is not filled again, and where the first that failed is, it goes on.
    assertThat(pass("13")).containsExactly("13T04 failed");
    assertThat(pass()).containsExactly("13T04 down to 13T04", "13T03 down to 10T01");
    assertThat(hours.isDone()).isTrue();
  }

  @Test
  void when_some_days_in_a_row_take_nothing_the_pass_is_over_and_the_next_begins_behind_them() {
    assertThat(pass("14", "13", "12", "11", "10"))
        .containsExactly("14T07 failed", "13T04 failed", "12T05 failed");

    assertThat(pass("14", "13", "12"))
        .containsExactly("11T06", "10T01", "14T07 failed", "13T04 failed", "12T05 failed");
    assertThat(hours.isDone()).isFalse();
  }
}
