package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.config.ByteSize;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.OffsetRange;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@DisplayName("An index is compared while it is the one that this job's query keeps, and not beyond")
class OurIndexIT {
  private static final IndexPosition BEGIN =
      new IndexPosition(List.of(next(4)), Map.of("events", "id"), List.of());
  private static final IndexPosition EVERYTHING_OWED =
      BEGIN.owing(
          List.of(
              new Owed(
                  "debt", Owed.Reason.NO_POSITION, List.of(), Map.of(), List.of(), null, "then")));

  private TestIndex index;
  private IndexAdministration administration;
  private IndexPositions positions;
  private OurIndex ours;

  private static OffsetRange next(long offset) {
    return new OffsetRange("events", 0, offset, offset);
  }

  @BeforeEach
  void connect(TestInfo test) throws IOException {
    String name = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    String server = SharedLocalStack.running().elasticsearch();
    index = new TestIndex(server, name.substring(0, Math.min(40, name.length())) + "-");
    administration = administration(server);
    administration.install(List.of(), List.of());
    positions = new IndexPositions(administration);
    ours = new OurIndex(administration, positions, List.of());
  }

  private IndexAdministration administration(String server) {
    return new IndexAdministration(
        new ElasticsearchSettings(
            server,
            index.prefix(),
            1,
            0,
            Duration.ofSeconds(1),
            1,
            new ByteSize(1 << 20),
            Map.of()));
  }

  @AfterEach
  void close() throws IOException {
    administration.close();
  }

  private void begin(IndexPosition position) throws IOException {
    positions.read();
    positions.start(position, () -> {});
  }

  private void isNotOurs(String because) {
    assertThatThrownBy(ours::now)
        .isInstanceOf(IndexNotOursException.class)
        .hasMessageContaining(because);
  }

  @Test
  void it_is_ours_from_the_start_of_the_query_on_however_its_position_moves() throws Exception {
    isNotOurs("its query has not begun");
    begin(BEGIN);

    StillOurs still = ours.now();
    positions.advance(List.of(new OffsetRange("events", 0, 4, 9)));

    assertThatCode(still::require).doesNotThrowAnyException();
  }

  @Test
  void one_that_was_wiped_is_not_ours_before_it_is_filled_with_everything() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();

    index.wipe();
    assertThatThrownBy(still::require)
        .isInstanceOf(IndexNotOursException.class)
        .hasMessageContaining("wiped");
    isNotOurs("it was wiped, or another job keeps its position");

    administration.install(List.of(), List.of());
    begin(EVERYTHING_OWED);
    assertThatThrownBy(still::require).isInstanceOf(IndexNotOursException.class);
    isNotOurs("it was wiped, and is being filled with everything");

    positions.settled("debt");
    assertThatCode(ours::now).doesNotThrowAnyException();
  }

  @Test
  void one_that_was_wiped_and_filled_meanwhile_is_another_one() throws Exception {
    begin(BEGIN);
    for (int i = 4; i < 9; i++) {
      positions.advance(List.of(new OffsetRange("events", 0, i, i + 1)));
    }
    StillOurs still = ours.now();

    index.wipe();
    administration.install(List.of(), List.of());
    begin(EVERYTHING_OWED);
    positions.settled("debt");

    assertThatCode(ours::now).doesNotThrowAnyException();
    assertThatThrownBy(still::require).isInstanceOf(IndexNotOursException.class);
  }

  @Test
  void it_is_the_same_one_when_its_query_begins_again_where_it_was() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();

    IndexPosition left = positions.read().orElseThrow();
    assertThatThrownBy(still::require)
        .isInstanceOf(IndexNotOursException.class)
        .hasMessageContaining("its query has not begun, or begins again");
    positions.start(left, () -> {});

    assertThatCode(still::require).doesNotThrowAnyException();
  }

  @Test
  void it_is_another_one_when_its_query_goes_on_where_somebody_else_was() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();

    index.putPosition("events", 0, 4);
    begin(positions.read().orElseThrow());

    assertThatThrownBy(still::require).isInstanceOf(IndexNotOursException.class);
  }

  @Test
  void it_is_another_one_when_days_of_it_are_made_again() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();

    begin(
        BEGIN.owing(
            List.of(
                new Owed(
                    "debt",
                    Owed.Reason.INDEX_MADE_AGAIN,
                    List.of(),
                    Map.of(),
                    List.of("2016-06-10"),
                    null,
                    "then"))));

    assertThatThrownBy(still::require)
        .isInstanceOf(IndexNotOursException.class)
        .hasMessageContaining("days of it are made again");
    assertThatCode(ours::now).doesNotThrowAnyException();
  }

  @Test
  void the_position_of_somebody_else_makes_it_somebody_elses() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();

    index.putPosition("events", 0, 4);

    assertThatThrownBy(still::require).isInstanceOf(IndexNotOursException.class);
  }

  @Test
  void an_index_made_without_our_templates_is_named_as_foreign() throws Exception {
    begin(BEGIN);
    StillOurs still = ours.now();
    assertThat(still.foreign()).isEmpty();

    index.send("DELETE", "/_index_template/%s*".formatted(index.prefix()), "");
    index.send(
        "PUT",
        "/%sevents-2016.06.10/_doc/a?refresh=true".formatted(index.prefix()),
        "{\"event_id\":\"a\",\"event_type\":\"t\",\"ts\":\"x\",\"d0\":1,\"d1\":1,\"d2\":1}");

    assertThat(still.foreign()).containsOnlyKeys(index.prefix() + "events-2016.06.10");
  }
}
