package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import io.tributary.stack.Tuning;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With servers of its own, because it stops them. */
class OutageIT {
  private static LocalStack stack;

  @BeforeAll
  static void startStack(@TempDir Path home) {
    stack =
        LocalStack.start(
            StackOptions.in(home).withTuning(Tuning.QUICK_START).withHeaps("512m", "768m"));
  }

  @AfterAll
  static void stopStack() {
    stack.broker().kill();
    stack.node().kill();
    stack.close();
  }

  private static String metrics(StreamingJob job) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:%d/metrics".formatted(job.metricsPort())))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void without_elasticsearch_the_lake_goes_on_and_the_index_catches_up(@TempDir Path folder)
      throws Exception {
    TestSetup setup = new TestSetup(folder, stack.kafka(), stack.elasticsearch(), "no-index");
    setup.topic().create().send(events(names("a", 50)));
    List<String> all = new ArrayList<>(names("a", 50));
    all.addAll(names("b", 50));

    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 50)));
      stack.node().kill();
      assertThat(stack.node().isRunning()).isFalse();
      setup.topic().send(events(names("b", 50)));

      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all));
      eventually(
          () ->
              assertThat(metrics(job).lines())
                  .contains(
                      "tributary_query_running{query=\"index\"} 0.0",
                      "tributary_query_running{query=\"lake\"} 1.0",
                      "tributary_lag_records{query=\"index\"} 50.0",
                      "tributary_lag_records{query=\"lake\"} 0.0"));

      stack.node().start();
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(all));
      eventually(
          () -> {
            assertThat(setup.index().status("index").path("state").asText()).isEqualTo("running");
            assertThat(setup.index().status("index").path("problem").isNull()).isTrue();
            assertThat(setup.index().status("index").path("lag_records").asLong(-1)).isZero();
          });
      assertThat(setup.lake().ids()).isEqualTo(all);
    }
  }

  @Test
  void without_kafka_at_the_start_it_keeps_trying_and_then_runs(@TempDir Path folder)
      throws Exception {
    TestSetup setup = new TestSetup(folder, stack.kafka(), stack.elasticsearch(), "no-kafka");
    setup.topic().create().send(events(names("a", 5)));
    stack.broker().kill();

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> {
            assertThat(setup.index().status("lake").path("state").asText()).isEqualTo("retrying");
            assertThat(setup.index().status("lake").path("problem").asText())
                .contains(
                    "Kafka at %s does not answer".formatted(stack.kafka()),
                    "kafka.bootstrap-servers");
          });
      assertThat(metrics(job).lines()).contains("tributary_query_running{query=\"lake\"} 0.0");

      stack.broker().start();
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 5)));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(names("a", 5)));
    }
  }
}
