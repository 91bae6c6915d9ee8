package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwedTest {
  private static final List<OffsetRange> READ = List.of(new OffsetRange("events", 0, 0, 9));
  private static final Map<String, String> ID = Map.of("events", "id");
  private static final Owed DAYS =
      new Owed(
          "x",
          Owed.Reason.INDEX_MADE_AGAIN,
          READ,
          ID,
          List.of("2016-06-10", "2016-06-11"),
          3600L,
          "then");

  private static EventSet events(Owed.Reason reason) {
    return new Owed("x", reason, READ, ID, List.of("2016-06-10"), null, "then").events();
  }

  @Test
  void a_debt_that_was_kept_before_there_were_days_is_read_and_has_none() throws Exception {
    IndexPosition position =
        IndexPosition.fromJson(
            """
            {"offsets":[],"topic_ids":{},"owed":[{"id":"x","reason":"LAG",
             "ranges":[{"topic":"events","partition":0,"from":0,"until":9}],
             "topic_ids":{"events":"id"},"filled_down_to":3600,"since":"then"}]}
            """);

    assertThat(position.owed())
        .containsExactly(new Owed("x", Owed.Reason.LAG, READ, ID, List.of(), 3600L, "then"));
  }

  @Test
  void a_debt_of_days_is_read_back_as_it_was_kept() throws Exception {
    IndexPosition position = new IndexPosition(READ, ID, List.of(DAYS));

    assertThat(IndexPosition.fromJson(position.json())).isEqualTo(position);
  }

  @Test
  void every_reason_says_which_events_are_owed() {
    assertThat(events(Owed.Reason.NO_POSITION)).isEqualTo(new EventSet.Everything());
    assertThat(events(Owed.Reason.UNKNOWN_TOPIC))
        .isEqualTo(new EventSet.OfTopics(List.of("events")));
    assertThat(events(Owed.Reason.LAG)).isEqualTo(new EventSet.AtOffsets(READ));
    assertThat(events(Owed.Reason.INDEX_MADE_AGAIN))
        .isEqualTo(new EventSet.OnDays(List.of(LocalDate.parse("2016-06-10"))));
  }

  @Test
  void documents_of_a_day_are_those_of_its_times() {
    EventSet day = new EventSet.OnDays(List.of(LocalDate.parse("2016-06-10")));

    assertThat(day.documents())
        .hasToString(
            "[{\"range\":{\"ts\":{\"gte\":1465516800000,\"lt\":1465603200000,\"format\":\"epoch_millis\"}}}]");
  }

  @Test
  void of_a_debt_of_days_some_may_be_taken() {
    assertThat(DAYS.without(List.of("2016-06-10")).orElseThrow().days())
        .containsExactly("2016-06-11");
    assertThat(DAYS.without(DAYS.days())).isEmpty();
    Owed lag = new Owed("x", Owed.Reason.LAG, READ, ID, List.of(), null, "then");
    assertThat(lag.without(DAYS.days())).contains(lag);
  }

  @Test
  void a_debt_of_days_is_on_record_by_its_days_and_not_by_offsets() {
    List<LedgerRow> rows = DAYS.onRecord(Instant.EPOCH, "owed");

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).values())
        .doesNotContainKey(LakeLayout.FROM_OFFSET)
        .hasEntrySatisfying(
            LakeLayout.DETAIL,
            detail ->
                assertThat(String.valueOf(detail))
                    .contains(
                        "index made again since then: everything in the lake of 2016-06-10, 2016-06-11, with events-0 offsets 0 to 9; filled down to 1970-01-01T01:00:00Z"));
  }
}
