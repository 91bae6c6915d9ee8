package io.tributary.streaming;

import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.tributary.lake.seam.Step;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the index does not take is a letter, waited for, or owed, as it must be")
class RefusalIT {
  private static final String DAY = "events-2016.06.10";

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

  @AfterEach
  void disarm() {
    StepFault.disarm();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  private static List<String> sorted(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    all.sort(null);
    return all;
  }

  private String problem() {
    return setup.index().status("index").path("problem").asText();
  }

  @Test
  void an_event_that_is_named_like_a_failure_of_the_cluster_is_a_letter_and_stops_nothing()
      throws Exception {
    // Elasticsearch has NUL in a key reserved, and repeats the id in what it says of it.
    String broken = "{\"a\\u0000b\":1}";
    setup
        .topic()
        .create()
        .send(
            0,
            List.of(
                event("a"),
                event("Validation Failed", broken),
                event("cluster_block_exception", broken),
                event("index_closed_exception", broken)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).containsExactly("a"));
      setup.topic().send(0, List.of(event("b")));

      eventually(() -> assertThat(setup.index().ids()).containsExactly("a", "b"));
      eventually(
          () ->
              assertThat(setup.lake().letters())
                  .containsExactly(
                      "index_rejected index Validation Failed",
                      "index_rejected index cluster_block_exception",
                      "index_rejected index index_closed_exception"));
    }
  }

  @Test
  void a_day_that_is_closed_is_waited_for() throws Exception {
    setup.topic().create().send(0, events(names("a", 3)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      String day = "/%s%s".formatted(setup.index().prefix(), DAY);
      setup.index().send("POST", day + "/_close", "");
      setup.topic().send(0, events(names("b", 2)));

      eventually(() -> assertThat(setup.lake().ids()).hasSize(5));
      eventually(() -> assertThat(problem()).contains("index_closed_exception"));
      setup.index().send("POST", day + "/_open", "");
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(sorted(names("a", 3), names("b", 2))));
      eventually(() -> assertThat(setup.index().status("index").path("problem").isNull()).isTrue());
      assertThat(setup.lake().letters()).isEmpty();
    }
  }

  /** A day's index as Elasticsearch makes it of a document of ours when there is no template. */
  private void makeWithoutTemplate() {
    String prefix = setup.index().prefix();
    setup.index().send("DELETE", "/%s%s".formatted(prefix, DAY), "");
    setup.index().send("DELETE", "/_index_template/%s*".formatted(prefix), "");
    setup
        .index()
        .send(
            "PUT",
            "/%s%s/_doc/foreign?refresh=true".formatted(prefix, DAY),
            "{\"event_id\":\"foreign\",\"event_type\":\"t\",\"ts\":\"2016-06-10T00:00:00Z\",\"d0\":1,\"d1\":1,\"d2\":1,\"params\":{\"n\":\"text\"},\"kafka_offset\":\"x\"}");
  }

  @Test
  void a_day_that_was_made_without_our_template_is_made_again_and_alone_from_the_lake()
      throws Exception {
    List<String> values = new ArrayList<>(events(names("a", 5)));
    values.add(event("other-day").replace("2016-06-10", "2016-06-11"));
    setup.topic().create().send(0, values);
    List<String> all = sorted(names("a", 5), List.of("other-day"));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(all));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all));
      eventually(() -> assertThat(setup.index().status("index").path("owed")).isEmpty());
    }
    makeWithoutTemplate();
    setup.index().delete("events-2016.06.11", "other-day");

    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
      assertThat(setup.index().mappings(DAY).path("dynamic").asText()).isEqualTo("false");
      eventually(() -> assertThat(setup.index().status("index").path("owed")).isEmpty());
      eventually(() -> assertThat(position().path("owed")).isEmpty());
      assertThat(setup.lake().letters()).isEmpty();
    }
    // The other day's document stays deleted: nothing but the one day was owed.
    assertThat(setup.index().ids()).isEqualTo(names("a", 5));
    assertThat(setup.lake().texts("ledger", "if(kind = 'owed', detail, '')"))
        .filteredOn(detail -> detail.contains("index made again"))
        .hasSize(2)
        .allMatch(detail -> detail.contains("everything in the lake of 2016-06-10, with"));
  }

  @Test
  void no_day_is_deleted_that_neither_the_lake_has_nor_this_job_brings_there() throws Exception {
    setup.topic().create().send(0, events(names("a", 5)));
    try (StreamingJob job = setup.start("queries: [index]")) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
    }
    makeWithoutTemplate();

    try (StreamingJob job = setup.start("queries: [index]")) {
      eventually(
          () ->
              assertThat(problem())
                  .contains(
                      "Cannot make index %s%s again, which was not made by our template"
                          .formatted(setup.index().prefix(), DAY),
                      "documents would be lost. It has 1, the lake at file://%s has 0 events of that day"
                          .formatted(setup.lakeRoot()),
                      "Run the lake query too (queries: [lake, index]; kafka.starting-offsets: earliest)"));
      assertThat(setup.index().ids()).containsExactly("foreign");
      assertThat(position().path("owed")).isEmpty();
    }

    setup.kafkaOption("starting-offsets", "latest");
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(problem()).contains("has 0 events of that day"));
      assertThat(setup.index().ids()).containsExactly("foreign");
      // The job need not be started anew once the lake has as many.
      setup.topic().send(0, events(names("b", 2)));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("b", 2)));
    }
  }

  @Test
  void a_day_is_made_again_when_this_job_brings_all_of_kafka_to_the_lake() throws Exception {
    setup.topic().create().send(0, events(names("a", 5)));
    try (StreamingJob job = setup.start("queries: [index]")) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
    }
    makeWithoutTemplate();
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
    }
  }

  @Test
  void what_only_an_index_of_others_refuses_is_no_letter() throws Exception {
    setup.topic().create().send(0, events(names("a", 5)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 5)));
      StepFault.meanwhile(
          Step.INDEX_BATCH_BEGUN,
          () -> {
            String prefix = setup.index().prefix();
            setup.index().send("DELETE", "/%s%s".formatted(prefix, DAY), "");
            setup
                .index()
                .send("DELETE", "/_index_template/%stributary-events".formatted(prefix), "");
            setup
                .index()
                .send(
                    "PUT",
                    "/%s%s/_doc/foreign".formatted(prefix, DAY),
                    "{\"event_id\":\"foreign\",\"event_type\":\"t\",\"ts\":\"2016-06-10T00:00:00Z\",\"d0\":1,\"d1\":1,\"d2\":1,\"params\":\"text\"}");
          });
      setup.topic().send(0, events(names("b", 2)));

      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(sorted(names("a", 5), names("b", 2))));
      assertThat(setup.lake().letters()).isEmpty();
    }
  }

  @Test
  void a_batch_planned_of_the_old_topic_and_read_of_the_new_one_moves_no_position()
      throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 4)));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 4)));
      CountDownLatch lakeHeldUp = new CountDownLatch(1);
      StepFault.meanwhile(
          Step.INDEX_BATCH_BEGUN,
          () -> {
            eventually(() -> assertThat(setup.lake().ids()).hasSize(7));
            // The look once a second restarts the lake query first, and waits for its batch.
            StepFault.meanwhile(
                Step.LAKE_BATCH_BEGUN,
                () -> {
                  lakeHeldUp.countDown();
                  eventually(() -> assertThat(next()).isNotEqualTo(4));
                });
            setup.topic().send(0, events(names("lost", 1)));
            Uninterruptibles.awaitUninterruptibly(lakeHeldUp);
            setup.topic().delete();
            // Others at the offsets that the batch is about to read.
            setup.topic().create().send(0, events(names("b", 20)));
          });
      setup.topic().send(0, events(names("old", 3)));

      List<String> all = sorted(sorted(names("a", 4), names("b", 20)), names("old", 3));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(all));
      eventually(
          () ->
              assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, from_offset)"))
                  .contains("owed 4"));
    }
  }

  @Test
  void nothing_is_passed_by_before_it_is_on_record() throws Exception {
    setup.topic().create().send(0, events(names("a", 3)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 3)));
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
      assertThat(position().path("owed")).isEmpty();
      assertThat(next()).isEqualTo(3);

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

  /** Where the index says that it goes on in partition 0; negative when it does not say. */
  private long next() {
    for (JsonNode range : position().path("offsets")) {
      if (range.path("partition").asInt() == 0) {
        return range.path("until").asLong();
      }
    }
    return -1;
  }

  private JsonNode position() {
    return setup.index().status("index-position");
  }
}
