package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.seam.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Of an index that is not made by our template nothing is taken, and nothing lost")
class ForeignIndexIT {
  private static final String DAY = "events-2016.06.10";

  private TestSetup setup;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    setup = TestSetup.of(folder, test);
  }

  @AfterEach
  void disarm() {
    StepFault.disarm();
  }

  private String problem() {
    return setup.index().status("index").path("problem").asText();
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
    List<String> all = all(names("a", 5), List.of("other-day"));
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(all);
      eventually(() -> assertThat(setup.index().status("index").path("owed")).isEmpty());
    }
    makeWithoutTemplate();
    setup.index().delete("events-2016.06.11", "other-day");
    TestSetup.Preflight preflight = setup.preflight("");
    assertThat(preflight.text())
        .contains(
            "index query: index %s%s was not made by our template ("
                .formatted(setup.index().prefix(), DAY),
            "); it would be deleted and filled from the lake",
            "would fill from the lake: index made again",
            "A start would run.");
    assertThat(setup.index().ids()).containsExactly("foreign");
    assertThat(setup.position().path("owed")).isEmpty();

    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
      assertThat(setup.index().mappings(DAY).path("dynamic").asText()).isEqualTo("false");
      eventually(() -> assertThat(setup.index().status("index").path("owed")).isEmpty());
      eventually(() -> assertThat(setup.position().path("owed")).isEmpty());
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
  void no_day_is_deleted_before_the_lake_has_its_events_even_if_kafka_has_them_no_more()
      throws Exception {
    setup.topic().create().send(0, events(names("a", 5)));
    try (StreamingJob job = setup.start("queries: [index]")) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
    }
    makeWithoutTemplate();
    assertThat(setup.preflight("").text())
        .contains(
            "index query: Cannot make index",
            "documents would be lost",
            "the query waits until the lake has as many")
        .doesNotContain("it would be deleted");
    assertThat(setup.index().ids()).containsExactly("foreign");

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
      assertThat(setup.position().path("owed")).isEmpty();
    }

    // Whoever follows the advice may come too late for Kafka to give the lake what the index has.
    setup.topic().deleteBefore(0, 5);
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
      setup.awaitEverywhere(names("a", 5));
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
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 5), names("b", 2))));
      assertThat(setup.lake().letters()).isEmpty();
    }
  }
}
