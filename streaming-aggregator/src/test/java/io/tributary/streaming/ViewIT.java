package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.tributary.lake.seam.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("No hour that was written to is forgotten before it is compared with the index")
class ViewIT {
  private static final String DAY = "events-2016.06.10";
  private static final String NEXT_DAY = "events-2016.06.11";

  private TestSetup setup;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    setup = TestSetup.of(folder, test);
  }

  @Test
  void what_a_job_did_not_come_to_compare_the_next_one_does_also_beside_a_closed_index()
      throws Exception {
    String nextDay = TestTopic.event("next-day").replace("2016-06-10", "2016-06-11");
    setup.topic().create().send(0, events(names("a", 5)));
    setup.topic().send(0, List.of(nextDay));
    // It compares once an hour, and is gone before.
    try (StreamingJob first = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).hasSize(6));
      eventually(() -> assertThat(setup.index().ids()).hasSize(6));
    }
    setup.index().delete(NEXT_DAY, "next-day");
    setup.index().send("POST", "/%s%s/_close".formatted(setup.index().prefix(), NEXT_DAY), "");
    setup.index().delete(DAY, "a-00003");

    setup.auditEvery("200ms");
    try (StreamingJob second = setup.start()) {
      eventually(
          () ->
              assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, query, detail)"))
                  .anySatisfy(
                      row ->
                          assertThat(row).startsWith("repair view").contains("missing a-00003")));
      setup
          .index()
          .send(
              "POST",
              "/%s%s/_open?wait_for_active_shards=1".formatted(setup.index().prefix(), NEXT_DAY),
              "");
      eventually(
          () ->
              assertThat(setup.index().ids())
                  .containsAll(names("a", 5))
                  .contains("next-day")
                  .hasSize(6));
    }
  }

  private long comparedHours() {
    return setup.lake().texts("ledger", "concat_ws(' ', kind, query)").stream()
        .filter("hour view"::equals)
        .count();
  }

  private List<String> repairs() {
    return setup.lake().texts("ledger", "concat_ws(' ', kind, query, detail)").stream()
        .filter(row -> row.startsWith("repair view"))
        .toList();
  }

  @Test
  void an_index_that_was_taken_from_this_job_is_not_compared_before_it_is_filled_again()
      throws Exception {
    setup.auditEvery("200ms");
    setup.topic().create().send(0, events(names("a", 3)));
    CountDownLatch looked = new CountDownLatch(1);
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      eventually(() -> assertThat(comparedHours()).isPositive());
      StepFault.meanwhile(
          Step.INDEX_BATCH_BEGUN, () -> Uninterruptibles.awaitUninterruptibly(looked));
      // Their hour waits as long as the index query does not come to them.
      setup.topic().send(0, events(names("b", 2)));
      eventually(() -> assertThat(setup.lake().ids()).hasSize(5));

      setup.index().wipe();
      setup.index().putPosition(setup.topic().name(), 0, 3);
      eventually(
          () ->
              assertThat(
                      setup
                          .index()
                          .get("/%stributary-status/_stats/get".formatted(setup.index().prefix()))
                          .path("_all")
                          .path("total")
                          .path("get")
                          .path("total")
                          .asLong())
                  .isGreaterThan(60));
      setup.index().wipe();
      long before = comparedHours();
      looked.countDown();

      eventually(() -> assertThat(comparedHours()).isGreaterThan(before));
      assertThat(setup.index().ids()).hasSize(5);
      assertThat(repairs()).isEmpty();
    } finally {
      looked.countDown();
      StepFault.disarm();
    }
  }

  @Test
  void an_hour_is_compared_until_the_index_query_has_come_to_all_its_rows() throws Exception {
    setup.auditEvery("200ms");
    setup.topic().create().send(0, events(names("a", 3)));
    CountDownLatch compared = new CountDownLatch(1);
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(names("a", 3));
      // As the loser of two events with one id, which the index met before the lake.
      ObjectNode loser = (ObjectNode) setup.index().documents(DAY).get(0);
      loser.put("event_id", "b-00000").put("kafka_offset", 3).put("d1", 12_345);
      setup
          .index()
          .send(
              "PUT",
              "/%s%s/_doc/b-00000?refresh=true".formatted(setup.index().prefix(), DAY),
              loser.toString());
      StepFault.meanwhile(
          Step.INDEX_BATCH_BEGUN, () -> Uninterruptibles.awaitUninterruptibly(compared));
      setup.topic().send(0, events(names("b", 1)));
      eventually(() -> assertThat(setup.lake().ids()).contains("b-00000"));
      long before = comparedHours();
      eventually(() -> assertThat(comparedHours()).isGreaterThan(before));
      assertThat(setup.index().ids()).contains("b-00000");
      compared.countDown();

      eventually(
          () ->
              assertThat(setup.lake().texts("ledger", "concat_ws(' ', kind, query, detail)"))
                  .anySatisfy(
                      row ->
                          assertThat(row).startsWith("repair view").contains("altered b-00000")));
      assertThat(setup.index().documents(DAY))
          .noneMatch(event -> event.path("d1").asInt() == 12_345);
    } finally {
      compared.countDown();
      StepFault.disarm();
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
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 5), names("b", 1))));
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
                  .containsAll(all(names("a", 5), names("b", 1)))
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
