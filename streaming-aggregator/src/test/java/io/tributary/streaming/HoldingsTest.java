package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import io.tributary.streaming.StreamingConfiguration.Kafka.StartingOffsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldingsTest {
  private static final Map<String, String> SAME = Map.of("events", "id");

  private static Holdings holdings(String id, long beginning, long end) {
    return new Holdings(
        Map.of("events", id),
        Map.of("events", Map.of(0, beginning)),
        Map.of("events", Map.of(0, end)));
  }

  private static CommittedOffsets at(long next) {
    return CommittedOffsets.after(List.of(new OffsetRange("events", 0, next, next)));
  }

  private static String lost(List<Gap> gaps) {
    assertThat(gaps).hasSize(1);
    LostRange lost = gaps.get(0).lost();
    return "%s [%d, %d) then %d"
        .formatted(lost.reason(), lost.from(), lost.until(), gaps.get(0).resumeAt());
  }

  @Test
  void what_kafka_still_holds_is_no_gap() {
    assertThat(holdings("id", 5, 9).gaps(at(5), SAME, Map.of())).isEmpty();
    assertThat(holdings("id", 5, 9).gaps(at(9), SAME, Map.of())).isEmpty();
  }

  @Test
  void a_topic_that_was_never_read_has_no_gap() {
    assertThat(holdings("id", 5, 9).gaps(CommittedOffsets.none(), Map.of(), Map.of())).isEmpty();
  }

  @Test
  void what_expired_before_it_was_read_is_lost() {
    assertThat(lost(holdings("id", 5, 9).gaps(at(2), SAME, Map.of())))
        .isEqualTo("EXPIRED [2, 5) then 5");
  }

  @Test
  void a_new_partition_of_a_topic_that_is_read_is_due_from_its_first_offset() {
    Holdings grown =
        new Holdings(
            SAME, Map.of("events", Map.of(0, 0L, 1, 3L)), Map.of("events", Map.of(0, 4L, 1, 8L)));

    assertThat(lost(grown.gaps(at(4), SAME, Map.of()))).isEqualTo("EXPIRED [0, 3) then 3");
  }

  @Test
  void a_topic_made_again_begins_anew_however_far_it_reaches() {
    assertThat(lost(holdings("new", 0, 50).gaps(at(20), SAME, Map.of("events", Map.of(0, 30L)))))
        .isEqualTo("TOPIC_RECREATED [20, 30) then 0");
    assertThat(lost(holdings("new", 0, 50).gaps(at(20), SAME, Map.of())))
        .isEqualTo("TOPIC_RECREATED [20, 20) then 0");
  }

  @Test
  void a_partition_that_became_shorter_than_what_was_read_gives_its_offsets_out_again() {
    assertThat(lost(holdings("id", 0, 6).gaps(at(9), SAME, Map.of())))
        .isEqualTo("TRUNCATED [9, 9) then 6");
  }

  @Test
  void of_a_topic_made_again_with_fewer_partitions_what_the_others_held_is_lost_too() {
    CommittedOffsets position =
        CommittedOffsets.after(
            List.of(new OffsetRange("events", 0, 20, 20), new OffsetRange("events", 3, 100, 100)));

    List<Gap> gaps =
        holdings("new", 0, 50).gaps(position, SAME, Map.of("events", Map.of(0, 20L, 3, 130L)));

    assertThat(gaps)
        .extracting(
            gap ->
                "%d [%d, %d) then %d"
                    .formatted(
                        gap.lost().partition(),
                        gap.lost().from(),
                        gap.lost().until(),
                        gap.resumeAt()))
        .containsExactly("0 [20, 20) then 0", "3 [100, 130) then 0");
  }

  @Test
  void a_stream_begins_with_a_new_topic_as_it_is_told_to() {
    assertThat(holdings("id", 5, 9).starts(CommittedOffsets.none(), StartingOffsets.EARLIEST))
        .containsExactly(new OffsetRange("events", 0, 5, 5));
    assertThat(holdings("id", 5, 9).starts(CommittedOffsets.none(), StartingOffsets.LATEST))
        .containsExactly(new OffsetRange("events", 0, 9, 9));
  }

  @Test
  void a_stream_begins_with_a_partition_that_was_added_at_its_beginning() {
    Holdings grown =
        new Holdings(
            SAME, Map.of("events", Map.of(0, 0L, 1, 3L)), Map.of("events", Map.of(0, 4L, 1, 8L)));

    assertThat(grown.starts(at(4), StartingOffsets.LATEST))
        .containsExactly(new OffsetRange("events", 1, 3, 3));
  }
}
