package io.tributary.lake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommittedOffsetsTest {
  @Test
  void without_a_commit_nothing_is_contained() {
    CommittedOffsets none = CommittedOffsets.none();

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.next("events", 0)).isZero();
    assertThat(none.contains("events", 0, 0)).isFalse();
    assertThat(none.asRanges()).isEmpty();
  }

  @Test
  void stands_behind_the_ranges_of_each_partition_of_each_topic() {
    CommittedOffsets position =
        CommittedOffsets.after(
            List.of(
                new OffsetRange("events", 0, 0, 5),
                new OffsetRange("events", 1, 3, 9),
                new OffsetRange("others", 0, 7, 8)));

    assertThat(position.byTopic())
        .isEqualTo(Map.of("events", Map.of(0, 5L, 1, 9L), "others", Map.of(0, 8L)));
    assertThat(position.contains("events", 1, 8)).isTrue();
    assertThat(position.contains("events", 1, 9)).isFalse();
    assertThat(position.contains("others", 1, 0)).isFalse();
  }

  @Test
  void never_goes_back() {
    CommittedOffsets position =
        CommittedOffsets.after(List.of(new OffsetRange("events", 0, 0, 10)))
            .plus(List.of(new OffsetRange("events", 0, 2, 4), new OffsetRange("events", 1, 0, 1)));

    assertThat(position.byTopic()).isEqualTo(Map.of("events", Map.of(0, 10L, 1, 1L)));
  }

  @Test
  void adding_to_a_position_leaves_the_old_one_as_it_was() {
    CommittedOffsets before = CommittedOffsets.after(List.of(new OffsetRange("events", 0, 0, 1)));

    before.plus(List.of(new OffsetRange("events", 0, 1, 9)));

    assertThat(before.next("events", 0)).isEqualTo(1);
  }

  @Test
  void is_the_same_again_from_its_ranges() {
    CommittedOffsets position =
        CommittedOffsets.after(
            List.of(new OffsetRange("b", 1, 0, 4), new OffsetRange("a", 0, 0, 3)));

    assertThat(position.asRanges())
        .containsExactly(new OffsetRange("a", 0, 3, 3), new OffsetRange("b", 1, 4, 4));
    assertThat(CommittedOffsets.after(position.asRanges()).byTopic()).isEqualTo(position.byTopic());
  }

  @Test
  void a_range_that_ends_before_it_begins_is_refused() {
    assertThatThrownBy(() -> new OffsetRange("events", 3, 5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid offsets of events-3: 5 to 4");
  }

  @Test
  void a_commit_names_where_the_other_partitions_stand() {
    StreamCommit commit =
        StreamCommit.ofBatch(
            "lake",
            3,
            List.of(new OffsetRange("events", 1, 4, 6)),
            2,
            1,
            0,
            Map.of("empty", 1L),
            0);

    StreamCommit standing =
        commit.standingAt(
            CommittedOffsets.after(
                List.of(new OffsetRange("events", 0, 0, 9), new OffsetRange("events", 1, 0, 6))));

    assertThat(standing.offsets())
        .containsExactly(new OffsetRange("events", 1, 4, 6), new OffsetRange("events", 0, 9, 9));
    assertThat(StreamCommit.fromJson(standing.json())).isEqualTo(standing);
    assertThat(standing.letters()).isEqualTo(1);
  }
}
