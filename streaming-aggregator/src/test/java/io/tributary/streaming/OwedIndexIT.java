package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.ImportSink;
import io.tributary.lake.sink.ImportedLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the index is owed it gets from the lake")
class OwedIndexIT {
  private TestSetup setup;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    setup = TestSetup.of(folder, test);
  }

  @Test
  void what_kafka_has_no_more_the_index_gets_from_the_lake() throws Exception {
    List<String> first = new ArrayList<>(events(names("a", 6)));
    first.add(event("next-day").replace("2016-06-10", "2016-06-11"));
    setup.topic().create().send(0, first);
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 6), List.of("next-day"))));
      eventually(() -> assertThat(setup.index().status("lake").isMissingNode()).isFalse());
      assertThat(setup.index().mappings("tributary-status").path("dynamic").asText())
          .isEqualTo("false");
    }
    setup.topic().deleteBefore(0, 7);
    setup.topic().send(0, events(names("b", 2)));
    String closed = "/%sevents-2016.06.11".formatted(setup.index().prefix());
    setup.index().send("PUT", closed, "");
    setup.index().send("POST", closed + "/_close", "");

    try (StreamingJob job = setup.start()) {
      // The newest hour takes no documents; the older ones come all the same, and it stays owed.
      eventually(
          () -> {
            assertThat(setup.index().ids()).isEqualTo(all(names("a", 6), names("b", 2)));
            assertThat(setup.index().status("index").path("owed").path(0).path("problem").asText())
                .contains("hour 2016-06-11T01:00:00Z", "index_closed_exception");
          });
      assertThat(setup.position().path("owed").path(0).path("filled_down_to").isNull()).isTrue();
      setup.index().send("DELETE", closed, "");

      eventually(
          () ->
              assertThat(setup.index().ids())
                  .isEqualTo(all(names("a", 6), names("b", 2), List.of("next-day"))));
      eventually(
          () -> {
            var status = setup.index().status("index");
            assertThat(status.path("owed")).isEmpty();
            assertThat(status.path("lag_records").asLong(-1)).isZero();
          });
    }
  }

  @Test
  void an_index_that_lags_too_much_goes_on_at_the_newest_and_gets_the_rest_from_the_lake()
      throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 3));
    setup.topic().send(0, events(names("b", 200)));
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 3), names("b", 200))));
    }
    setup.indexOption("max-lag", "50");
    setup.indexOption("max-offsets-per-trigger", "50");

    try (StreamingJob job = setup.start()) {
      setup.topic().send(0, events(names("c", 2)));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(setup.lake().ids()).hasSize(205));
      eventually(() -> assertThat(setup.index().status("index").path("owed")).isEmpty());
    }
    // The last two may have been there when it looked.
    assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, from_offset, until_offset)"))
        .containsAnyOf("owed 3 203", "owed 3 205");
  }

  @Test
  void an_index_that_is_wiped_under_a_silent_stream_comes_back_with_its_counts() throws Exception {
    setup.topic().create().send(0, events(names("a", 20)));
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(names("a", 20));
      eventually(() -> assertThat(counted()).isEqualTo(20));
      eventually(
          () ->
              assertThat(setup.index().status("index").path("complete_through").isNull())
                  .isFalse());
      setup.index().wipe();

      // No record comes that would tell.
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 20)));
      eventually(() -> assertThat(counted()).isEqualTo(20));
      eventually(
          () -> {
            var status = setup.index().status("index");
            assertThat(status.path("state").asText()).isEqualTo("running");
            assertThat(status.path("owed")).isEmpty();
            assertThat(status.path("complete_through").isTextual()).isTrue();
          });
      for (String index :
          List.of("events-2016.06.10", "event-counts-2016.06", "tributary-status")) {
        assertThat(setup.index().mappings(index).path("dynamic").asText())
            .as(index)
            .isEqualTo("false");
      }

      setup.index().send("DELETE", "/%sevent-counts-2016.06".formatted(setup.index().prefix()), "");
      eventually(() -> assertThat(counted()).isEqualTo(20));
      setup.topic().send(0, events(names("b", 2)));
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 20), names("b", 2))));
      eventually(() -> assertThat(counted()).isEqualTo(22));
    }
  }

  private long counted() {
    return setup.index().documents("event-counts-*").stream()
        .mapToLong(count -> count.path("count").asLong())
        .sum();
  }

  @Test
  void a_wiped_index_gets_back_what_no_topic_gives_any_more() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 9));
    setup.topic().delete();
    setup.topic().create().send(0, events(names("b", 3)));
    ImportSink.open(
            SparkSessions.start("import", TestLake.SMALL_SPARK),
            "file://" + setup.lake().root(),
            List.of(),
            1_000,
            System.currentTimeMillis())
        .write(lines(events(names("c", 2))));
    List<String> all = all(names("a", 9), names("b", 3), names("c", 2));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all));
      eventually(() -> assertThat(setup.index().ids()).containsAll(names("b", 3)));
      setup.index().wipe();

      eventually(() -> assertThat(setup.index().ids()).isEqualTo(all));
      eventually(
          () -> {
            var status = setup.index().status("index");
            assertThat(status.path("owed").isArray()).isTrue();
            assertThat(status.path("owed")).isEmpty();
          });
    }
  }

  private static List<ImportedLine> lines(List<String> values) {
    List<ImportedLine> lines = new ArrayList<>();
    for (String value : values) {
      lines.add(
          new ImportedLine(
              "file:///imported.ndjson", lines.size() + 1, value.getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  @Test
  void nothing_is_put_on_record_as_owed_before_a_position_can_be_kept() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 3));
    setup.index().delete("tributary-status", IndexPosition.DOCUMENT_ID);
    blockStatus(true);
    StreamingConfiguration configuration =
        StreamingConfiguration.reader(Map.of()).read(setup.file(""));
    try (KafkaTopics topics = new KafkaTopics(configuration.kafka());
        IndexAdministration administration =
            new IndexAdministration(configuration.index().settings())) {
      IndexBeginning beginning =
          new IndexBeginning(
              configuration,
              new Configuration(),
              topics,
              administration,
              new IndexPositions(administration),
              Clock.systemUTC());
      assertThatThrownBy(beginning::make).hasMessageContaining("FORBIDDEN/8/index write");
      assertThat(debtsOnRecord()).isEmpty();

      blockStatus(false);
      String debt = beginning.make().owed().get(0).describe();
      assertThat(debtsOnRecord()).singleElement().asString().contains(debt);
      assertThat(setup.position().path("owed")).hasSize(1);
      assertThat(setup.index().status("trial").isMissingNode()).isTrue();
    }
  }

  private void blockStatus(boolean blocked) {
    setup
        .index()
        .send(
            "PUT",
            "/%stributary-status/_settings".formatted(setup.index().prefix()),
            "{\"index.blocks.write\":%s}".formatted(blocked));
  }

  private List<String> debtsOnRecord() {
    return setup.lake().texts("ledger", "if(kind = 'owed', detail, '')").stream()
        .filter(detail -> !detail.isEmpty())
        .toList();
  }

  @Test
  void nothing_is_passed_by_before_it_is_on_record() throws Exception {
    setup.topic().create().send(0, events(names("a", 3)));
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(names("a", 3));
    }
    setup.topic().send(0, events(names("b", 100)));
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(() -> assertThat(setup.lake().ids()).hasSize(103));
    }
    setup.indexOption("max-lag", "50");
    setup.indexOption("max-offsets-per-trigger", "50");
    // What only waits for the ledger's next turn is lost to a job that is killed.
    setup.ledgerEvery("1h");
    Path ledger = setup.lake().root().resolve("ledger");
    Path away = ledger.resolveSibling("ledger-away");
    Files.move(ledger, away);
    Files.writeString(ledger, "no folder");

    try (StreamingJob job = setup.start()) {
      eventually(
          () ->
              assertThat(setup.index().status("index").path("state").asText())
                  .isEqualTo("retrying"));
      assertThat(setup.position().path("owed")).isEmpty();
      assertThat(setup.next()).isEqualTo(3);

      Files.delete(ledger);
      Files.move(away, ledger);
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(setup.lake().ids()).hasSize(103));
      assertThat(
              setup
                  .lake()
                  .texts("ledger", "concat_ws(' ', kind, from_offset, until_offset, detail)"))
          .filteredOn(row -> row.startsWith("owed 3 103") && row.contains("\"owed\""))
          .isNotEmpty();
    }
  }
}
