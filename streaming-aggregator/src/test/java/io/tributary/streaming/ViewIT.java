package io.tributary.streaming;

import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
}
