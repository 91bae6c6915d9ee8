package io.tributary.streaming;

import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.tributary.lake.seam.Step;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("No hour that was written to is forgotten before it is compared with the index")
class ViewIT {
  private static final String DAY = "events-2016.06.10";
  private static final String NEXT_DAY = "events-2016.06.11";

  private static LocalStack stack;

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }

  @Test
  void what_a_job_did_not_come_to_compare_the_next_one_does_also_beside_a_closed_index(
      @TempDir Path folder) throws Exception {
    TestSetup setup = new TestSetup(folder, stack.kafka(), stack.elasticsearch(), "not-forgotten");
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

  private static long comparedHours(TestSetup setup) {
    return setup.lake().texts("ledger", "concat_ws(' ', kind, query)").stream()
        .filter("hour view"::equals)
        .count();
  }

  private static List<String> repairs(TestSetup setup) {
    return setup.lake().texts("ledger", "concat_ws(' ', kind, query, detail)").stream()
        .filter(row -> row.startsWith("repair view"))
        .toList();
  }

  @Test
  void an_index_that_was_taken_from_this_job_is_not_compared_before_it_is_filled_again(
      @TempDir Path folder) throws Exception {
    TestSetup setup = new TestSetup(folder, stack.kafka(), stack.elasticsearch(), "taken-away");
    setup.auditEvery("200ms");
    setup.topic().create().send(0, events(names("a", 3)));
    CountDownLatch looked = new CountDownLatch(1);
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      eventually(() -> assertThat(comparedHours(setup)).isPositive());
      StepFault.meanwhile(
          Step.INDEX_BATCH_BEGUN, () -> Uninterruptibles.awaitUninterruptibly(looked));
      // Their hour waits as long as the index query does not come to them.
      setup.topic().send(0, events(names("b", 2)));
      eventually(() -> assertThat(setup.lake().ids()).hasSize(5));

      setup.index().wipe();
      setup.index().putPosition("taken-away", 0, 3);
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
      long before = comparedHours(setup);
      looked.countDown();

      eventually(() -> assertThat(comparedHours(setup)).isGreaterThan(before));
      assertThat(setup.index().ids()).hasSize(5);
      assertThat(repairs(setup)).isEmpty();
    } finally {
      looked.countDown();
      StepFault.disarm();
    }
  }

  @Test
  void an_hour_is_compared_until_the_index_query_has_come_to_all_its_rows(@TempDir Path folder)
      throws Exception {
    TestSetup setup = new TestSetup(folder, stack.kafka(), stack.elasticsearch(), "until-judged");
    setup.auditEvery("200ms");
    setup.topic().create().send(0, events(names("a", 3)));
    CountDownLatch compared = new CountDownLatch(1);
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 3)));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 3)));
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
      long before = comparedHours(setup);
      eventually(() -> assertThat(comparedHours(setup)).isGreaterThan(before));
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
}
