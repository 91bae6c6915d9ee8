package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static CommittedOffsets lake(long next) {
    return CommittedOffsets.after(at(next));
  }

  private static String resumed(
      Optional<IndexPosition> stored, Holdings kafka, CommittedOffsets lake, long maxLag) {
    IndexPosition position =
        new IndexResumption(stored, kafka, lake, lake.isEmpty() ? Map.of() : ID, maxLag)
            .resume(Instant.EPOCH);
    String owed =
        position.owed().stream()
            .map(
                debt ->
                    " owing %s [%d, %d)"
                        .formatted(
                            debt.reason(),
                            debt.ranges().get(0).from(),
                            debt.ranges().get(0).until()))
            .reduce("", String::concat);
    return position.offsets().isEmpty()
        ? "as configured" + owed
        : "at " + position.offsets().get(0).until() + owed;
  }

  @Test
  void it_goes_on_where_it_stopped() {
    assertThat(resumed(stored(4), kafka("id", 0, 9), lake(9), 100)).isEqualTo("at 4");
  }

  @Test
  void the_very_first_start_begins_as_configured() {
    assertThat(resumed(Optional.empty(), kafka("id", 0, 9), CommittedOffsets.none(), 100))
        .isEqualTo("as configured");
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
    assertThat(resumed(stored(2), kafka("id", 0, 9), CommittedOffsets.none(), 6)).isEqualTo("at 2");
  }

  @Test
  void a_topic_made_again_is_read_from_its_start_and_the_old_one_is_owed() {
    assertThat(resumed(stored(2), kafka("new", 0, 9), lake(6), 100))
        .isEqualTo("at 0 owing TOPIC_RECREATED [2, 6)");
  }

  @Test
  void old_debts_are_kept() {
    Owed old = new Owed("x", Owed.Reason.LAG, at(0), ID, 3600L, "then");
    IndexPosition position =
        new IndexResumption(
                Optional.of(new IndexPosition(at(4), ID, List.of(old))),
                kafka("id", 0, 9),
                lake(9),
                ID,
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
