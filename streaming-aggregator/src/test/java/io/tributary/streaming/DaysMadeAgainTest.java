package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DaysMadeAgainTest {
  private static final Map<String, String> ID = Map.of("events", "id");
  private static final Holdings KAFKA =
      new Holdings(
          Map.of("events", "new"),
          Map.of("events", Map.of(0, 0L)),
          Map.of("events", Map.of(0, 9L)));
  private static final LocalDate DAY = LocalDate.parse("2016-06-10");
  private static final LocalDate NEXT_DAY = LocalDate.parse("2016-06-11");

  /** A position that has read 7 records, and some of a topic that is not configured any more. */
  private static IndexPosition stored(Owed... owed) {
    return new IndexPosition(
        List.of(
            new OffsetRange("events", 0, 7, 7),
            new OffsetRange("events", 1, 0, 0),
            new OffsetRange("gone", 0, 5, 5)),
        ID,
        List.of(owed));
  }

  private static Owed debt(@Nullable Long filledDownTo, String... days) {
    return new Owed(
        "older",
        Owed.Reason.INDEX_MADE_AGAIN,
        List.of(new OffsetRange("events", 0, 0, 7)),
        ID,
        List.of(days),
        filledDownTo,
        "then");
  }

  private static List<Owed> owed(IndexPosition stored, LocalDate... days) {
    return new DaysMadeAgain(Set.of(days), stored, KAFKA).owedBy(stored, Instant.EPOCH).owed();
  }

  private static String described(List<Owed> owed) {
    return owed.stream()
        .map(debt -> "%s %s %s".formatted(debt.reason(), debt.days(), debt.filledDownTo()))
        .collect(Collectors.joining(", "));
  }

  @Test
  void days_are_owed_once_the_lake_has_read_as_far_as_the_index_had() {
    assertThat(owed(stored(), NEXT_DAY, DAY))
        .singleElement()
        .satisfies(
            debt -> {
              assertThat(debt.reason()).isEqualTo(Owed.Reason.INDEX_MADE_AGAIN);
              assertThat(debt.days()).containsExactly("2016-06-10", "2016-06-11");
              assertThat(debt.ranges()).containsExactly(new OffsetRange("events", 0, 0, 7));
              assertThat(debt.topicIds()).isEqualTo(ID);
              assertThat(debt.filledDownTo()).isNull();
            });
  }

  @Test
  void a_day_that_is_deleted_again_is_owed_from_nothing() {
    assertThat(described(owed(stored(debt(3_600L, "2016-06-10")), DAY)))
        .isEqualTo("INDEX_MADE_AGAIN [2016-06-10] null");
    assertThat(described(owed(stored(debt(3_600L, "2016-06-10", "2016-06-11")), NEXT_DAY)))
        .isEqualTo("INDEX_MADE_AGAIN [2016-06-10] 3600, INDEX_MADE_AGAIN [2016-06-11] null");
  }

  @Test
  void a_start_that_did_not_get_as_far_as_to_delete_owes_nothing_more_than_before() {
    Owed older = debt(null, "2016-06-10");

    List<Owed> owed = owed(stored(older), DAY);

    // But whoever still fills the older debt can say nothing of this one.
    assertThat(owed).singleElement().isNotEqualTo(older);
    assertThat(owed.get(0).as("older")).isEqualTo(older);
  }

  @Test
  void debts_of_records_stay() {
    Owed lag =
        new Owed(
            "lag",
            Owed.Reason.LAG,
            List.of(new OffsetRange("events", 0, 2, 5)),
            ID,
            List.of(),
            3_600L,
            "then");

    assertThat(described(owed(stored(lag), DAY)))
        .isEqualTo("LAG [] 3600, INDEX_MADE_AGAIN [2016-06-10] null");
  }
}
