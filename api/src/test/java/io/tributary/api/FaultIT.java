package io.tributary.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.testing.ConfigOverride;
import io.tributary.api.TestApi.Answer;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class FaultIT {
  private static final String EVENT = "{\"event_id\":\"a\",\"event_type\":\"a\",\"ts\":1}";
  private static final String COUNT = "/v1/events/count?start=0&end=10";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ConfigOverride SHORT_DELIVERY =
      ConfigOverride.config("kafka.delivery-timeout", "2 seconds");

  private final LocalStack stack = SharedLocalStack.running();

  @Test
  void tellsThatElasticsearchIsAwayAndGoesOnWhenItIsBack() {
    try (TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch())) {
      assertThat(api.get(COUNT).status()).isEqualTo(200);
      stack.node().stop();
      try {
        for (String path :
            List.of(COUNT, "/v1/events/search?start=0&end=10", "/v1/events/some-id")) {
          assertQueryUnavailable(api.get(path), Duration.ofSeconds(4));
        }
        Answer seed = api.get("/getsocial/events/count/?event_type=a&start_time=0&end_time=1");
        assertThat(seed.status()).isEqualTo(503);
        assertThat(seed.retryAfter()).isEqualTo("5");
        assertThat(seed.json().path("status").asText()).isEqualTo("FAILURE");
        assertThat(seed.json().path("reason").asText()).contains("can't be reached");
        Answer ready = assertNotReady(api);
        assertThat(ready.json().path("collect").asBoolean()).isTrue();
        assertThat(ready.json().path("query").asBoolean()).isFalse();
        assertThat(api.post(TestApi.JSON, EVENT).status()).isEqualTo(202);
      } finally {
        stack.node().start();
      }
      await().atMost(PATIENCE).until(() -> api.get(COUNT).status() == 200);
      await().atMost(PATIENCE).until(() -> api.admin("/healthcheck/ready").status() == 200);
    }
  }

  @Test
  void tellsThatIndicesAreRedInsteadOfAnsweringFromWhatIsLeft() {
    try (TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch())) {
      TestIndex index = new TestIndex(stack.elasticsearch(), api.name() + "-", List.of());
      index.add(List.of("{\"event_id\":\"a\",\"event_type\":\"a\",\"ts\":1}"));
      assertThat(api.get(COUNT).json().path("count").asLong()).isEqualTo(1);
      index.put(
          "/" + api.name() + "-events-1970.01.02?wait_for_active_shards=0",
          "{\"settings\":{\"index.routing.allocation.require._name\":\"nobody\"}}");
      try {
        assertQueryUnavailable(
            api.get("/v1/events/count?start=0&end=172800"), Duration.ofSeconds(8));
        Answer ready = assertNotReady(api);
        assertThat(ready.json().path("checks").path("elasticsearch").path("detail").asText())
            .contains("red");
        assertThat(api.get(COUNT).status()).as("the day that is whole").isEqualTo(200);
      } finally {
        // A node with a red index would not count as started again.
        index.delete("/" + api.name() + "-events-1970.01.02");
      }
    }
  }

  @Test
  void tellsThatKafkaIsAwayAndGoesOnWhenItIsBack() {
    try (TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch(), SHORT_DELIVERY)) {
      assertThat(api.post(TestApi.JSON, EVENT).status()).isEqualTo(202);
      stack.broker().stop();
      try {
        Answer given = api.post(TestApi.JSON, EVENT);
        assertThat(given.status()).isEqualTo(503);
        assertThat(given.retryAfter()).isEqualTo("5");
        assertThat(given.took()).isLessThan(Duration.ofSeconds(7));
        assertThat(given.json().path("code").asText()).isEqualTo("kafka_unavailable");
        assertThat(given.eventIds()).containsExactly("a");
        assertThat(given.json().path("remedy").asText()).contains("Send the same request again");
        Answer assigned = api.post(TestApi.JSON, "{\"event_type\":\"a\",\"ts\":1}");
        assertThat(assigned.status()).isEqualTo(503);
        assertThat(assigned.eventIds()).hasSize(1);
        assertThat(assigned.json().path("remedy").asText()).contains("ids of event_ids");
        Answer ready = assertNotReady(api);
        assertThat(ready.json().path("collect").asBoolean()).isFalse();
        assertThat(ready.json().path("query").asBoolean()).isTrue();
        assertThat(api.get(COUNT).status()).isEqualTo(200);
      } finally {
        stack.broker().start();
      }
      await().atMost(PATIENCE).until(() -> api.post(TestApi.JSON, EVENT).status() == 202);
      await().atMost(PATIENCE).until(() -> api.admin("/healthcheck/ready").status() == 200);
      assertThat(TopicReader.read(stack.kafka(), api.name()))
          .extracting(record -> record.key())
          .contains("a");
    }
  }

  @Test
  void startsWithoutKafkaAndBecomesReadyWithIt() {
    stack.broker().stop();
    try (TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch(), SHORT_DELIVERY)) {
      assertThat(api.admin("/healthcheck/live").status()).isEqualTo(200);
      assertNotReady(api);
      assertThat(api.post(TestApi.JSON, EVENT).status()).isEqualTo(503);
      stack.broker().start();
      await().atMost(PATIENCE).until(() -> api.admin("/healthcheck/ready").status() == 200);
      await().atMost(PATIENCE).until(() -> api.post(TestApi.JSON, EVENT).status() == 202);
    } finally {
      if (!stack.broker().isRunning()) {
        stack.broker().start();
      }
    }
  }

  @Test
  void isNotReadyButAliveWhenNobodyAnswers() throws IOException {
    try (SilentServer silent = new SilentServer();
        TestApi api =
            TestApi.start(
                silent.address(),
                "http://" + silent.address(),
                SHORT_DELIVERY,
                ConfigOverride.config("elasticsearch.query-timeout", "2 seconds"))) {
      Answer ready = assertNotReady(api);
      assertThat(ready.json().path("collect").asBoolean()).isFalse();
      assertThat(ready.json().path("query").asBoolean()).isFalse();
      assertThat(ready.json().path("checks").path("kafka").path("detail").asText())
          .contains("did not answer in time");
      assertQueryUnavailable(api.get(COUNT), Duration.ofSeconds(4));
      Answer collected = api.post(TestApi.JSON, EVENT);
      assertThat(collected.status()).isEqualTo(503);
      assertThat(collected.took()).isLessThan(Duration.ofSeconds(8));
      assertThat(collected.json().path("detail").asText()).contains("None of them was stored");
      assertThat(api.admin("/healthcheck/live").status()).isEqualTo(200);
    }
  }

  @Test
  void tellsThatWhatAnswersIsNotElasticsearch() {
    try (TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch());
        TestApi other =
            TestApi.start(
                stack.kafka(),
                "http://127.0.0.1:" + api.port(),
                ConfigOverride.config("elasticsearch.query-timeout", "2 seconds"))) {
      Answer answer = other.get(COUNT);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).doesNotContain("Exception");
    }
  }

  private static void assertQueryUnavailable(Answer answer, Duration within) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.retryAfter()).isEqualTo("5");
    assertThat(answer.json().path("code").asText()).isEqualTo("query_unavailable");
    assertThat(answer.body()).doesNotContain("Exception");
    assertThat(answer.took()).isLessThan(within);
  }

  private static Answer assertNotReady(TestApi api) {
    Answer ready = api.admin("/healthcheck/ready");
    assertThat(ready.status()).as(ready.body()).isEqualTo(503);
    assertThat(ready.took()).isLessThan(Duration.ofSeconds(3));
    JsonNode report = ready.json();
    assertThat(report.fieldNames()).toIterable().containsExactly("collect", "query", "checks");
    assertThat(api.admin("/healthcheck/live").status()).isEqualTo(200);
    return ready;
  }

  /** Accepts every connection and never says a word. */
  private static final class SilentServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> accepted = new ConcurrentLinkedQueue<>();

    SilentServer() throws IOException {
      Thread thread = new Thread(this::accept, "silent-server");
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
      try {
        while (!socket.isClosed()) {
          accepted.add(socket.accept());
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket each : accepted) {
        each.close();
      }
    }
  }
}
