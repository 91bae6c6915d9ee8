package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamPosition;
import io.tributary.streaming.StreamingConfiguration.Kafka.StartingOffsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IndexResumptionTest {
  private static final Map<String, String> ID = Map.of("events", "id");

  private static Holdings kafka(String id, long beginning, long end) {
    return new Holdings(
        Map.of("events", id),
        Map.of("events", Map.of(0, beginning)),
        Map.of("events", Map.of(0, end)));
  }

  private static List<OffsetRange> at(long next) {
    return List.of(new OffsetRange("events", 0, next, next));
  }

  private static Optional<IndexPosition> stored(long next) {
    return Optional.of(new IndexPosition(at(next), ID, List.of()));
  }

  private static StreamPosition lake(long next) {
    return lake(next, ID);
  }

  private static StreamPosition lake(long next, Map<String, String> topicIds) {
    return new StreamPosition(CommittedOffsets.after(at(next)), topicIds);
  }

  private static String resumed(
      Optional<IndexPosition> stored, Holdings kafka, StreamPosition lake, long maxLag) {
    return described(
        new IndexResumption(
            stored,
            kafka,
            lake,
            lake.committed().isEmpty() ? LakeContents.NOTHING : LakeContents.EVENTS,
            StartingOffsets.EARLIEST,
            maxLag));
  }

  /** Beside a lake that has read but not stored anything, begun at the newest records. */
  private static String resumedAtLatest(
      Optional<IndexPosition> stored, Holdings kafka, StreamPosition lake) {
    return described(
        new IndexResumption(
            stored, kafka, lake, LakeContents.NOTHING, StartingOffsets.LATEST, 100));
  }

  private static String described(IndexResumption resumption) {
    IndexPosition position = resumption.resume(Instant.EPOCH);
    return position.offsets().stream()
            .map(offset -> "at " + offset.until())
            .collect(Collectors.joining(", "))
        + position.owed().stream()
            .map(IndexResumptionTest::described)
            .collect(Collectors.joining());
  }

  private static String described(Owed debt) {
    return " owing "
        + debt.reason()
        + debt.ranges().stream()
            .map(
                range ->
                    (range.partition() == 0
                            ? " [%d, %s)"
                            : " of " + range.partition() + " [%d, %s)")
                        .formatted(
                            range.from(), range.until() == Owed.OPEN ? "open" : range.until()))
            .collect(Collectors.joining());
  }

  @Test
  void it_goes_on_where_it_stopped() {
    assertThat(resumed(stored(4), kafka("id", 0, 9), lake(9), 100)).isEqualTo("at 4");
  }

  @Test
  void the_very_first_start_begins_as_configured() {
    assertThat(resumed(Optional.empty(), kafka("id", 2, 9), StreamPosition.NONE, 100))
        .isEqualTo("at 2");
    assertThat(resumedAtLatest(Optional.empty(), kafka("id", 2, 9), StreamPosition.NONE))
        .isEqualTo("at 9");
  }

  @Test
  void a_position_that_says_nothing_of_a_topic_is_none_for_it() {
    Optional<IndexPosition> nothing =
        Optional.of(new IndexPosition(List.of(), Map.of("events", "id"), List.of()));

    assertThat(resumedAtLatest(nothing, kafka("id", 0, 9), StreamPosition.NONE)).isEqualTo("at 9");
    assertThat(resumedAtLatest(nothing, kafka("id", 0, 9), lake(7))).isEqualTo("at 7");
    assertThat(resumed(nothing, kafka("id", 0, 9), StreamPosition.NONE, 100)).isEqualTo("at 0");
    assertThat(resumed(nothing, kafka("id", 0, 9), lake(7), 100))
        .isEqualTo("at 7 owing UNKNOWN_TOPIC [0, 7)");
  }

  @Test
  void a_new_index_beside_a_lake_without_events_is_owed_nothing() {
    assertThat(resumedAtLatest(Optional.empty(), kafka("id", 0, 9), lake(7))).isEqualTo("at 7");
  }

  @Test
  void an_index_that_knows_nothing_is_owed_a_lake_of_imported_events_too() {
    assertThat(
            described(
                new IndexResumption(
                    Optional.empty(),
                    kafka("id", 0, 9),
                    StreamPosition.NONE,
                    LakeContents.EVENTS,
                    StartingOffsets.EARLIEST,
                    100)))
        .isEqualTo("at 0 owing NO_POSITION");
  }

  @Test
  void an_index_that_knows_nothing_waits_for_all_that_kafka_does_not_give_it() {
    StreamPosition read =
        new StreamPosition(
            CommittedOffsets.after(
                List.of(
                    new OffsetRange("events", 0, 7, 7),
                    new OffsetRange("events", 3, 2, 2),
                    new OffsetRange("gone", 0, 4, 4))),
            ID);

    assertThat(resumed(Optional.empty(), kafka("id", 0, 9), read, 100))
        .isEqualTo("at 7 owing NO_POSITION [0, 7) of 3 [0, 2) [0, 4)");
    // The lake may be about to commit what expired after it was read.
    assertThat(resumed(Optional.empty(), kafka("id", 8, 9), lake(7), 100))
        .isEqualTo("at 8 owing NO_POSITION [0, 8)");
    // And more of the topic that was made again since.
    assertThat(resumed(Optional.empty(), kafka("new", 0, 9), lake(7), 100))
        .isEqualTo("at 0 owing NO_POSITION [0, open)");
  }

  @Test
  void what_expired_of_a_partition_that_was_added_is_owed() {
    Holdings two =
        new Holdings(
            ID,
            Map.of("events", new TreeMap<>(Map.of(0, 0L, 1, 3L))),
            Map.of("events", Map.of(0, 9L, 1, 5L)));

    assertThat(resumed(stored(4), two, lake(9), 100))
        .isEqualTo("at 4, at 3 owing EXPIRED of 1 [0, 3)");
    assertThat(resumed(Optional.empty(), two, lake(9), 100))
        .isEqualTo("at 9, at 3 owing NO_POSITION [0, 9) owing EXPIRED of 1 [0, 3)");
  }

  @Test
  void an_index_that_knows_nothing_is_owed_what_the_lake_has() {
    assertThat(resumed(Optional.empty(), kafka("id", 3, 9), lake(7), 100))
        .isEqualTo("at 7 owing NO_POSITION [0, 7)");
  }

  @Test
  void what_expired_in_kafka_is_owed() {
    assertThat(resumed(stored(2), kafka("id", 5, 9), lake(9), 100))
        .isEqualTo("at 5 owing EXPIRED [2, 5)");
  }

  @Test
  void one_that_lags_too_much_goes_on_at_the_newest() {
    assertThat(resumed(stored(2), kafka("id", 0, 9), lake(9), 6))
        .isEqualTo("at 9 owing LAG [2, 9)");
  }

  @Test
  void without_a_lake_nothing_is_passed_by_for_its_lag() {
    assertThat(resumed(stored(2), kafka("id", 0, 9), StreamPosition.NONE, 6)).isEqualTo("at 2");
  }

  @Test
  void a_topic_made_again_is_read_from_its_start_and_the_old_one_is_owed() {
    // Open: the lake still reads the old one, and may commit more of it.
    assertThat(resumed(stored(2), kafka("new", 0, 9), lake(6), 100))
        .isEqualTo("at 0 owing TOPIC_RECREATED [2, open)");
  }

  @Test
  void what_the_lake_has_of_a_topic_that_is_gone_is_all_once_it_reads_the_new_one() {
    Owed owed =
        new Owed(
            "x",
            Owed.Reason.TOPIC_RECREATED,
            List.of(new OffsetRange("events", 0, 2, Owed.OPEN)),
            ID,
            List.of(),
            null,
            "then");

    Map<String, String> next = Map.of("events", "new");
    assertThat(owed.isInLake(lake(6), next)).isFalse();
    assertThat(owed.isInLake(lake(1, next), next)).isTrue();
  }

  @Test
  void the_lake_has_nothing_of_a_topic_that_only_the_index_has_gone_on_to() {
    Map<String, String> next = Map.of("events", "new");
    Owed owed =
        new Owed(
            "x",
            Owed.Reason.LAG,
            List.of(new OffsetRange("events", 0, 0, 5)),
            next,
            List.of(),
            null,
            "then");

    assertThat(owed.isInLake(lake(6), next)).isFalse();
    assertThat(owed.isInLake(lake(4, next), next)).isFalse();
    assertThat(owed.isInLake(lake(5, next), next)).isTrue();
    // Made again once more, before the lake read any of it.
    assertThat(owed.isInLake(lake(6), Map.of("events", "newest"))).isTrue();
  }

  @Test
  void a_topic_made_again_with_fewer_partitions_owes_the_others_too() {
    Optional<IndexPosition> both =
        Optional.of(
            new IndexPosition(
                List.of(new OffsetRange("events", 0, 2, 2), new OffsetRange("events", 1, 5, 5)),
                ID,
                List.of()));

    assertThat(resumed(both, kafka("new", 0, 9), lake(6), 100))
        .isEqualTo("at 0 owing TOPIC_RECREATED [2, open) of 1 [5, open)");
  }

  @Test
  void old_debts_are_kept() {
    Owed old = new Owed("x", Owed.Reason.LAG, at(0), ID, List.of(), 3600L, "then");
    IndexPosition position =
        new IndexResumption(
                Optional.of(new IndexPosition(at(4), ID, List.of(old))),
                kafka("id", 0, 9),
                lake(9),
                LakeContents.EVENTS,
                StartingOffsets.EARLIEST,
                100)
            .resume(Instant.EPOCH);

    assertThat(position.owed()).containsExactly(old);
    assertThat(IndexPositionJson.roundTrip(position)).isEqualTo(position);
  }

  /** What is kept in the index is read back as it was. */
  private static final class IndexPositionJson {
    static IndexPosition roundTrip(IndexPosition position) {
      try {
        return IndexPosition.fromJson(position.json());
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
  }
}
