package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.tributary.lake.seam.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What the index does not take is a letter, waited for, or owed, as it must be")
class RefusalIT {
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
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 3), names("b", 2))));
      eventually(() -> assertThat(setup.index().status("index").path("problem").isNull()).isTrue());
      assertThat(setup.lake().letters()).isEmpty();
    }
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
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 3), names("b", 2))));

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
  void a_batch_planned_of_the_old_topic_and_read_of_the_new_one_moves_no_position()
      throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(names("a", 4));
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
                  eventually(() -> assertThat(setup.next()).isNotEqualTo(4));
                });
            setup.topic().send(0, events(names("lost", 1)));
            Uninterruptibles.awaitUninterruptibly(lakeHeldUp);
            setup.topic().delete();
            // Others at the offsets that the batch is about to read.
            setup.topic().create().send(0, events(names("b", 20)));
          });
      setup.topic().send(0, events(names("old", 3)));

      List<String> all = all(names("a", 4), names("b", 20), names("old", 3));
      setup.awaitEverywhere(all);
      eventually(
          () ->
              assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, from_offset)"))
                  .contains("owed 4"));
    }
  }
}
