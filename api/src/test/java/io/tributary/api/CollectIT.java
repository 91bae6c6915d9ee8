package io.tributary.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.tributary.api.TestApi.Answer;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectIT {
  private final LocalStack stack = SharedLocalStack.running();
  private final TestApi api = TestApi.start(stack.kafka(), stack.elasticsearch());

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void storesOneObjectAsItWasSent() {
    String event = "{\"event_id\":\"a-1\", \"event_type\":\"x\",\"ts\":1465484030.50,\"n\":1e400}";
    Answer answer = api.post(TestApi.JSON, " " + event + "\n");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"event_ids\":[\"a-1\"],\"rejected\":[]}");
    assertThat(stored()).containsExactly(Map.entry("a-1", event));
  }

  @Test
  void storesAnArrayLinesAndGzipAlike() throws IOException {
    List<String> events =
        IntStream.range(0, 500)
            .mapToObj(n -> "{\"event_id\":\"e%d\",\"event_type\":\"t\",\"ts\":%d}".formatted(n, n))
            .toList();
    Map<String, String> sent = new HashMap<>();
    for (int n = 0; n < events.size(); n++) {
      sent.put("e" + n, events.get(n));
    }
    String array = "[" + String.join(", ", events.subList(0, 200)) + "]";
    String lines = String.join("\r\n", events.subList(200, 300)) + "\n";
    byte[] gzip = gzip(String.join("\n", events.subList(300, 500)));
    assertThat(api.post(TestApi.JSON, array).eventIds()).hasSize(200);
    assertThat(api.post(TestApi.LINES, lines).eventIds()).hasSize(100);
    assertThat(api.post(TestApi.LINES, gzip, "Content-Encoding", "gzip").eventIds()).hasSize(200);
    assertThat(stored()).isEqualTo(sent);
  }

  @Test
  void saysToComeBackWhenOtherRequestsFillTheMemory() throws IOException {
    String event = "{\"event_id\":\"slow\",\"event_type\":\"a\",\"ts\":1,\"text\":\"%s\"}";
    String slow = event.formatted("x".repeat(3_000));
    String other = event.replace("slow", "other").formatted("x".repeat(2_000));
    try (TestApi small =
            TestApi.start(
                stack.kafka(),
                stack.elasticsearch(),
                ConfigOverride.config("collect.max-body-bytes", "4096 B"),
                ConfigOverride.config("collect.max-bytes-in-flight", "4096 B"));
        Socket client = new Socket("127.0.0.1", small.port())) {
      OutputStream out = client.getOutputStream();
      out.write(
          "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(slow.length())
              .getBytes(UTF_8));
      out.write(slow.substring(0, 2_900).getBytes(UTF_8));
      out.flush();
      await()
          .untilAsserted(
              () ->
                  assertThat(small.admin("/metrics").body())
                      .containsPattern("tributary_collect_bytes_in_flight 2900"));

      Answer refused = small.post(TestApi.JSON, other);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.retryAfter()).isEqualTo("1");
      assertThat(refused.json().path("code").asText()).isEqualTo("overloaded");
      assertThat(refused.json().path("remedy").asText()).contains("nothing of it was stored");
      out.write(slow.substring(2_900).getBytes(UTF_8));
      out.flush();
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 202")
          .contains("\"slow\"");
      assertThat(small.post(TestApi.JSON, other).eventIds()).containsExactly("other");
    }
  }

  @Test
  void givesIdsToEventsWithout() {
    Answer answer =
        api.post(
            TestApi.JSON,
            "[{\"event_type\":\"a\",\"ts\":1},{\"event_type\":\"b\",\"event_id\":null,\"ts\":1}]");
    assertThat(answer.status()).isEqualTo(202);
    List<String> ids = answer.eventIds();
    assertThat(ids).doesNotHaveDuplicates().hasSize(2);
    assertThat(ids).allSatisfy(id -> assertThat(UUID.fromString(id).version()).isEqualTo(7));
    assertThat(stored())
        .containsOnly(
            Map.entry(
                ids.get(0),
                "{\"event_id\":\"%s\",\"event_type\":\"a\",\"ts\":1}".formatted(ids.get(0))),
            Map.entry(
                ids.get(1),
                "{\"event_type\":\"b\",\"event_id\":\"%s\",\"ts\":1}".formatted(ids.get(1))));
  }

  @Test
  void givesTheSameIdsToARetryWithTheSameKey() {
    String body = "[{\"event_type\":\"a\",\"ts\":1},{\"event_type\":\"a\",\"ts\":1}]";
    List<String> first = api.post(TestApi.JSON, body, "Idempotency-Key", "k1").eventIds();
    assertThat(first).hasSize(2).doesNotHaveDuplicates();
    assertThat(api.post(TestApi.JSON, body, "Idempotency-Key", "k1").eventIds()).isEqualTo(first);
    assertThat(api.post(TestApi.JSON, body, "Idempotency-Key", "k2").eventIds())
        .doesNotContainAnyElementsOf(first);
  }

  @Test
  void acceptsTheGoodAndSaysWhatIsWrongWithTheRest() {
    String body =
        """
        {"event_id":"good-1","event_type":"a","ts":1}

        {"event_type":"a"}
        not json
        {"event_id":"good-2","event_type":"a","ts":2}
        """;
    Answer answer = api.post(TestApi.LINES, body);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.eventIds()).containsExactly("good-1", "good-2");
    assertThat(answer.texts("rejected", "index")).containsExactly("1", "2");
    assertThat(answer.texts("rejected", "reason")).containsExactly("missing_ts", "not_json");
    assertThat(stored()).containsOnlyKeys("good-1", "good-2");
  }

  @Test
  void takesAnEventOfTheLargestSizeAndNoLargerOne() {
    String start = "{\"event_id\":\"large\",\"event_type\":\"a\",\"ts\":1,\"text\":\"";
    int room = 1_048_576 - start.length() - 2;
    String largest = start + "x".repeat(room) + "\"}";
    assertThat(api.post(TestApi.JSON, largest).status()).isEqualTo(202);
    assertThat(stored()).containsExactly(Map.entry("large", largest));
    Answer tooLarge = api.post(TestApi.JSON, start + "x".repeat(room + 1) + "\"}");
    assertThat(tooLarge.status()).isEqualTo(400);
    assertThat(tooLarge.texts("rejected", "reason")).containsExactly("too_large");
  }

  @Test
  void refusesAnEventThatItsIdWouldMakeTooLarge() {
    String start = "{\"event_type\":\"a\",\"ts\":1,\"text\":\"";
    String event = start + "x".repeat(1_048_576 - start.length() - 2) + "\"}";
    Answer answer = api.post(TestApi.JSON, event);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.texts("rejected", "reason")).containsExactly("too_large");
  }

  @Test
  void storesTenThousandEventsOfOneRequest() {
    String body =
        IntStream.range(0, 10_000)
            .mapToObj(n -> "{\"event_type\":\"t\",\"ts\":%d}".formatted(n))
            .collect(Collectors.joining("\n"));
    Answer answer = api.post(TestApi.LINES, body);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(stored().keySet())
        .containsExactlyInAnyOrderElementsOf(answer.eventIds())
        .hasSize(10_000);
  }

  @Test
  void takesTheSeedsEventAsItIs() {
    Answer answer =
        api.post(
            TestApi.JSON,
            "{\"event_type\":\"session_start\",\"ts\":1465484030,\"params\":{\"Location service"
                + " status\":\"Location service On\",\"platform\":\"android\"}}");
    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void makesATopicThatKeepsLargeRecords() {
    api.post(TestApi.JSON, "{\"event_id\":\"a\",\"event_type\":\"a\",\"ts\":1}");
    List<ConsumerRecord<String, byte[]>> records = TopicReader.read(stack.kafka(), api.name());
    assertThat(records).hasSize(1);
    assertThat(Objects.requireNonNull(records.get(0)).partition()).isBetween(0, 3);
  }

  @Test
  void countsWhatItTookInItsMetrics() {
    api.post(TestApi.LINES, "{\"event_type\":\"a\",\"ts\":1}\n{\"event_type\":\"a\"}");
    Answer metrics = api.admin("/metrics");
    assertThat(metrics.status()).isEqualTo(200);
    assertThat(metrics.contentType()).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("tributary_collect_events_accepted_total 1.0")
        .contains("tributary_collect_events_rejected_total{reason=\"missing_ts\"} 1.0")
        .contains("tributary_collect_bytes_in_flight 0.0")
        .contains(
            "tributary_http_request_seconds_count{method=\"POST\",route=\"/v1/events\",status=\"202\"} 1")
        .contains("jvm_memory_used_bytes");
  }

  private Map<String, String> stored() {
    return TopicReader.byKey(stack.kafka(), api.name()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> new String(entry.getValue(), UTF_8)));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text.getBytes(UTF_8));
    }
    return zipped.toByteArray();
  }
}
