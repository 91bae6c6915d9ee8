package io.tributary.streaming;

import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.lake.seam.Step;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.ImportSink;
import io.tributary.lake.sink.ImportedLine;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.Writer;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What Kafka, the index or another job takes away is noticed, recorded and made up for")
class GapIT {
  private static LocalStack stack;

  private TestSetup setup;

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  @BeforeEach
  void name(@TempDir Path folder, TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    setup =
        new TestSetup(
            folder,
            stack.kafka(),
            stack.elasticsearch(),
            name.substring(0, Math.min(40, name.length())));
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private static List<String> both(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    all.sort(null);
    return all;
  }

  private List<String> gapsInLedger() {
    return setup
        .lake()
        .texts(
            "ledger",
            "case when kind = 'gap' then concat_ws(' ', topic, kafka_partition, from_offset,"
                + " until_offset) end")
        .stream()
        .filter(text -> !text.equals("null"))
        .toList();
  }

  private void ingest(List<String> names) throws Exception {
    setup.topic().send(0, events(names));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names));
    }
  }

  @Test
  void records_that_expired_before_they_were_read_are_on_record_by_offset() throws Exception {
    setup.topic().create();
    ingest(names("a", 10));
    setup.topic().send(0, events(names("lost", 7)));
    setup.topic().deleteBefore(0, 17);
    setup.topic().send(0, events(names("b", 5)));
    assertThat(setup.preflight("fields: [{name: plan, path: plan, type: string}]"))
        .satisfies(
            before -> {
              assertThat(before.exit()).isZero();
              assertThat(before.text())
                  .contains(
                      "last written by process",
                      "column plan (string) would be added",
                      "12 records behind",
                      "LOST: Kafka no longer holds offsets 10 to 16 of %s-0"
                          .formatted(setup.topic().name()),
                      "would fill from the lake",
                      "A start would run.");
            });

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 10), names("b", 5))));
      eventually(
          () ->
              assertThat(gapsInLedger())
                  .containsExactly("%s 0 10 17".formatted(setup.topic().name())));
      eventually(
          () -> {
            var gap = setup.index().status("lake").path("gaps").path(0);
            assertThat(gap.path("from").asLong()).isEqualTo(10);
            assertThat(gap.path("until").asLong()).isEqualTo(17);
          });
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 10), names("b", 5))));
    }
    // A later job knows of it too.
    try (StreamingJob job = setup.start()) {
      eventually(
          () ->
              assertThat(setup.index().status("lake").path("gaps").path(0).path("detail").asText())
                  .contains("no longer holds offsets 10 to 16"));
      assertThat(gapsInLedger()).hasSize(1);
    }
  }

  @Test
  void retention_that_overtakes_a_slow_job_leaves_a_gap_on_record() throws Exception {
    List<String> all = names("a", 2_000);
    setup.topic().create().send(0, events(all));
    setup.lakeOption("max-offsets-per-trigger", "2");
    // What the consumer has fetched already is not lost to it.
    setup.consumerOption("kafka.max.partition.fetch.bytes", "2000");
    setup.consumerOption("kafka.max.poll.records", "50");
    try (StreamingJob job = setup.start("queries: [lake]")) {
      eventually(() -> assertThat(setup.lake().ids()).hasSizeGreaterThan(1));
      setup.topic().deleteBefore(0, 1_995);

      eventually(() -> assertThat(setup.lake().ids()).containsAll(all.subList(1_995, 2_000)));
      eventually(() -> assertThat(gapsInLedger()).hasSize(1));
    }
    String[] gap = gapsInLedger().get(0).split(" ");
    int from = Integer.parseInt(gap[2]);
    assertThat(from).isBetween(2, 1_994);
    assertThat(gap[3]).isEqualTo("1995");
    assertThat(setup.lake().ids()).isEqualTo(both(all.subList(0, from), all.subList(1_995, 2_000)));
  }

  @Test
  void what_a_first_start_would_make_is_said_and_not_made() throws Exception {
    assertThat(setup.preflight(""))
        .satisfies(
            before -> {
              assertThat(before.exit()).isZero();
              assertThat(before.text())
                  .contains(
                      "nothing is committed",
                      "events: would be made",
                      "topic %s is missing and would be made".formatted(setup.topic().name()));
            });
    assertThat(setup.lake().root()).doesNotExist();
  }

  @Test
  void told_to_stop_before_a_gap_it_stops_and_says_which() throws Exception {
    setup.topic().create();
    ingest(names("a", 3));
    setup.topic().send(0, events(names("lost", 2)));
    setup.topic().deleteBefore(0, 5);
    setup.kafkaOption("on-gap", "stop");
    assertThat(setup.preflight(""))
        .satisfies(
            before -> {
              assertThat(before.exit()).isEqualTo(1);
              assertThat(before.text())
                  .contains("kafka.on-gap is stop, and records are lost", "would NOT run");
            });

    try (StreamingJob job = setup.start()) {
      assertThat(job.await())
          .contains(
              "offsets 3 to 4 of %s-0".formatted(setup.topic().name()),
              "kafka.on-gap: record-and-continue");
    }
    assertThat(gapsInLedger()).isEmpty();

    setup.kafkaOption("on-gap", "record-and-continue");
    setup.topic().send(0, events(names("b", 1)));
    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 3), names("b", 1))));
    }
    assertThat(gapsInLedger()).hasSize(1);
  }

  @Test
  void a_topic_made_again_while_the_job_stands_is_read_from_its_start() throws Exception {
    setup.topic().create();
    ingest(names("a", 4));
    setup.topic().delete();
    setup.topic().create();
    // As many as before and more: the offsets alone would not tell.
    setup.topic().send(0, events(names("b", 9)));

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 4), names("b", 9))));
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 4), names("b", 9))));
      eventually(
          () -> assertThat(gapsInLedger()).contains("%s 0 4 4".formatted(setup.topic().name())));
    }
    assertThat(setup.lake().duplicates()).isEmpty();
  }

  @Test
  void a_topic_made_again_under_the_running_job_is_read_from_its_start() throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 4)));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 4)));
      setup.topic().delete();
      setup.topic().create().send(0, events(names("b", 9)));

      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 4), names("b", 9))));
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 4), names("b", 9))));
    }
  }

  @Test
  void the_lake_takes_no_batch_planned_of_the_old_topic_and_read_of_the_new_one() throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 4)));
      StepFault.meanwhile(
          Step.LAKE_BATCH_BEGUN,
          () -> {
            setup.topic().delete();
            // Others at the offsets that the batch is about to read.
            setup.topic().create().send(0, events(names("b", 20)));
          });
      setup.topic().send(0, events(names("lost", 3)));

      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 4), names("b", 20))));
      eventually(
          () -> assertThat(setup.index().ids()).containsAll(both(names("a", 4), names("b", 20))));
    } finally {
      StepFault.disarm();
    }
    assertThat(setup.lake().duplicates()).isEmpty();
  }

  @Test
  void partitions_that_are_added_are_read_from_their_start() throws Exception {
    setup.topic().create();
    ingest(names("a", 4));
    setup.topic().grow(3).send(2, events(names("b", 3)));

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 4), names("b", 3))));
      setup.topic().grow(4).send(3, events(names("c", 3)));
      eventually(
          () ->
              assertThat(setup.lake().ids())
                  .isEqualTo(both(both(names("a", 4), names("b", 3)), names("c", 3))));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(setup.lake().ids()));
    }
    assertThat(gapsInLedger()).isEmpty();
  }

  @Test
  void a_job_that_is_overtaken_stops_and_says_by_whom() throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 4)));
      try (LakeSink successor =
          LakeSink.open(
              SparkSessions.start("successor", TestLake.SMALL_SPARK),
              "file://" + setup.lake().root(),
              List.of(),
              1_000,
              100)) {
        Writer writer = Writer.ofThisProcess(Clock.systemUTC());
        successor.takeOver(writer, List.of(), List.of(), successor.topicIds());
        setup.topic().send(0, events(names("b", 4)));

        assertThat(job.await())
            .contains("another streaming job took it over", writer.toString(), "lake.root");
      }
    }
    assertThat(setup.lake().ids()).isEqualTo(names("a", 4));
    try (StreamingJob next = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 4), names("b", 4))));
    }
  }

  @Test
  void what_kafka_has_no_more_the_index_gets_from_the_lake() throws Exception {
    setup.topic().create().send(0, events(names("a", 6)));
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 6)));
      eventually(() -> assertThat(setup.index().status("lake").isMissingNode()).isFalse());
      assertThat(setup.index().mappings("tributary-status").path("dynamic").asText())
          .isEqualTo("false");
    }
    setup.topic().deleteBefore(0, 6);
    setup.topic().send(0, events(names("b", 2)));

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 6), names("b", 2))));
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
    ingest(names("a", 3));
    setup.topic().send(0, events(names("b", 200)));
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(both(names("a", 3), names("b", 200))));
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
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 20)));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 20)));
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
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 20), names("b", 2))));
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
    ingest(names("a", 9));
    setup.topic().delete();
    setup.topic().create().send(0, events(names("b", 3)));
    ImportSink.open(
            SparkSessions.start("import", TestLake.SMALL_SPARK),
            "file://" + setup.lake().root(),
            List.of(),
            1_000,
            System.currentTimeMillis())
        .write(lines(events(names("c", 2))));
    List<String> all = both(both(names("a", 9), names("b", 3)), names("c", 2));
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
  void an_index_that_takes_nothing_for_want_of_room_is_waited_for() throws Exception {
    setup.topic().create().send(0, events(names("a", 3)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      String settings = "/%sevents-2016.06.10/_settings".formatted(setup.index().prefix());
      // What Elasticsearch does to its indices when its disk is at the flood stage.
      setup.index().send("PUT", settings, "{\"index.blocks.read_only_allow_delete\":true}");
      setup.topic().send(0, events(names("b", 2)));
      eventually(() -> assertThat(setup.lake().ids()).hasSize(5));
      eventually(
          () ->
              assertThat(setup.index().status("index").path("problem").asText())
                  .contains("flood-stage watermark"));
      setup.index().send("PUT", settings, "{\"index.blocks.read_only_allow_delete\":null}");
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 3), names("b", 2))));

      String anotherDay = TestTopic.event("c").replace("2016-06-10", "2016-06-11");
      try {
        setup
            .index()
            .send(
                "PUT",
                "/_cluster/settings",
                "{\"persistent\":{\"cluster.max_shards_per_node\":1}}");
        setup.topic().send(0, List.of(anotherDay));
        eventually(
            () ->
                assertThat(setup.index().status("index").path("problem").asText())
                    .contains("maximum normal shards open"));
      } finally {
        setup
            .index()
            .send(
                "PUT",
                "/_cluster/settings",
                "{\"persistent\":{\"cluster.max_shards_per_node\":null}}");
      }
      eventually(() -> assertThat(setup.index().ids()).contains("c").hasSize(6));
      assertThat(setup.lake().letters()).isEmpty();
    }
  }

  @Test
  void what_somebody_does_to_the_index_behind_our_back_is_mended_by_the_running_job()
      throws Exception {
    setup.topic().create().send(0, events(names("a", 5)));
    setup.auditEvery("200ms");
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
      setup.index().delete("events-2016.06.10", "a-00003");
      // The hour is compared when it was written to.
      setup.topic().send(0, events(names("b", 1)));

      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(both(names("a", 5), names("b", 1))));
      eventually(
          () ->
              assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, detail)"))
                  .anySatisfy(
                      row -> assertThat(row).startsWith("repair").contains("missing a-00003")));

      // The index of the whole day: what is missing in the hour written to brings the others back.
      setup.topic().send(0, List.of(TestTopic.event("d").replace("T01:", "T07:")));
      eventually(() -> assertThat(setup.index().ids()).contains("d"));
      eventually(() -> assertThat(setup.lake().ids()).contains("d"));
      setup.index().send("DELETE", "/%sevents-2016.06.10".formatted(setup.index().prefix()), "");
      setup.topic().send(0, List.of(TestTopic.event("c")));
      eventually(
          () ->
              assertThat(setup.index().ids())
                  .containsAll(both(names("a", 5), names("b", 1)))
                  .contains("c", "d")
                  .hasSize(8));
    }
  }

  @Test
  void of_two_events_with_one_id_the_index_shows_the_one_that_the_lake_has() throws Exception {
    setup.topic().create();
    setup.auditEvery("200ms");
    String winner = TestTopic.event("same", "{\"n\":1}");
    String loser = TestTopic.event("same", "{\"n\":2}");
    setup.topic().send(0, List.of(winner));
    try (StreamingJob lakeAlone = setup.start("queries: [lake]")) {
      eventually(() -> assertThat(setup.lake().ids()).containsExactly("same"));
    }
    // The index never saw the first record: it meets the other one first.
    setup.topic().send(0, List.of(loser));
    setup.index().putPosition(setup.topic().name(), 0, 1);
    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().letters()).containsExactly("id_conflict conflict same"));
      setup.topic().send(0, events(names("b", 1)));
      eventually(
          () ->
              assertThat(setup.index().documents("events-*"))
                  .anySatisfy(
                      document -> {
                        assertThat(document.path("event_id").asText()).isEqualTo("same");
                        assertThat(document.path("params").path("n").asInt()).isEqualTo(1);
                      }));
    }
  }
}
