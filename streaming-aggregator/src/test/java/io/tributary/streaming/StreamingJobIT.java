package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.Writer;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StreamingJobIT {
  private static LocalStack stack;
  private TestSetup setup;
  private Path folder;

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  @BeforeEach
  void isolate(@TempDir Path empty, TestInfo test) {
    folder = empty;
    setup = TestSetup.of(empty, test);
  }

  @Test
  void every_record_is_accounted_for_in_lake_index_counts_and_status() throws Exception {
    List<String> names = names("e", 300);
    List<String> records = new ArrayList<>(events(names));
    records.addAll(events(names.subList(0, 20)));
    records.add("no json");
    records.add("[1]");
    records.add(event("e-00000", "{\"n\":2}"));
    List<byte @Nullable []> bytes = new ArrayList<>();
    records.forEach(record -> bytes.add(record.getBytes(StandardCharsets.UTF_8)));
    bytes.add(null);
    byte[] tooLarge = new byte[1_048_577];
    Arrays.fill(tooLarge, (byte) ' ');
    bytes.add(tooLarge);

    try (StreamingJob job = setup.start()) {
      eventually(
          () ->
              assertThat(setup.index().status("lake").path("state").asText()).isEqualTo("running"));
      setup.topic().sendBytes(bytes);
      Instant sent = Instant.now();

      setup.awaitEverywhere(names);
      eventually(() -> assertThat(setup.lake().letters()).hasSize(5));
      assertThat(setup.lake().letters())
          .containsExactly(
              "empty decode",
              "id_conflict conflict e-00000",
              "not_an_object decode",
              "not_json decode",
              "too_large decode");
      assertThat(setup.lake().duplicates()).isEqualTo(names.subList(0, 20));
      assertCounted(300);
      for (String query : List.of("lake", "index")) {
        eventually(
            () -> {
              JsonNode status = setup.index().status(query);
              assertThat(status.path("lag_records").asLong(-1)).isZero();
              assertThat(
                      Instant.parse(status.path("complete_through").asText("1970-01-01T00:00:00Z")))
                  .isAfter(sent);
              assertThat(status.path("records_total").asLong()).isEqualTo(325);
              assertThat(status.path("offsets").size()).isEqualTo(2);
            });
      }
      assertThat(setup.index().status("lake").path("dead_letters").path("id_conflict").asLong())
          .isOne();
      assertMetrics(job);
      assertThat(statusCommand())
          .startsWith("0 lake file://")
          .contains("lake query: running, lag 0 records", "index query: running, lag 0 records");
    }

    assertThat(setup.index().status("lake").path("state").asText()).isEqualTo("stopped");
    assertThat(setup.index().status("index").path("state").asText()).isEqualTo("stopped");
    assertThat(statusCommand()).startsWith("1 lake").contains("lake query: stopped");
    restart(names);
  }

  /** An idle restart, then one without checkpoints: nothing is doubled, nothing looks undone. */
  private void restart(List<String> before) throws Exception {
    Instant restarted = Instant.now();
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      for (String query : List.of("lake", "index")) {
        eventually(
            () -> {
              JsonNode status = setup.index().status(query);
              assertThat(status.path("state").asText()).isEqualTo("running");
              assertThat(status.path("lag_records").asLong(-1)).isZero();
              assertThat(
                      Instant.parse(status.path("complete_through").asText("1970-01-01T00:00:00Z")))
                  .isAfter(restarted);
            });
      }
    }
    setup.deleteCheckpoints();
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      setup.topic().send(event("f"), event("e-00001"));
      List<String> after = new ArrayList<>(before);
      after.add("f");
      setup.awaitEverywhere(after);
      eventually(
          () -> assertThat(setup.index().status("index").path("lag_records").asLong(-1)).isZero());
      eventually(() -> assertThat(setup.lake().duplicates()).hasSize(21));
      assertThat(setup.index().ids()).isEqualTo(after);
      assertThat(setup.lake().letters()).hasSize(5);
      assertCounted(301);
    }
  }

  private void assertCounted(long events) {
    eventually(
        () ->
            assertThat(
                    setup
                        .lake()
                        .texts("event_counts", "concat_ws(' ', window_start, event_type, count)"))
                .containsExactly("2016-06-10 01:02:00 click " + events));
    eventually(
        () ->
            assertThat(setup.index().documents("event-counts-2016.06"))
                .singleElement()
                .satisfies(
                    count -> {
                      assertThat(count.path("count").asLong()).isEqualTo(events);
                      assertThat(count.path("event_type").asText()).isEqualTo("click");
                      assertThat(count.path("window_start").asText())
                          .isEqualTo("2016-06-10T01:02:00Z");
                    }));
  }

  private static void assertMetrics(StreamingJob job) throws IOException, InterruptedException {
    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/metrics".formatted(job.metricsPort())))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    assertThat(metrics.lines())
        .contains(
            "tributary_records_read_total{query=\"lake\"} 325.0",
            "tributary_records_accepted_total{query=\"lake\"} 300.0",
            "tributary_records_duplicate_total{query=\"lake\"} 20.0",
            "tributary_dead_letters_total{query=\"lake\",reason=\"not_json\"} 1.0",
            "tributary_dead_letters_total{query=\"lake\",reason=\"too_large\"} 1.0",
            "tributary_records_read_total{query=\"index\"} 325.0",
            "tributary_lag_records{query=\"lake\"} 0.0",
            "tributary_query_running{query=\"lake\"} 1.0",
            "tributary_query_running{query=\"index\"} 1.0");
  }

  /** The exit code and what was printed. */
  private String statusCommand() {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      int code =
          new CommandLine(new StreamingAggregator())
              .execute("status", "--config", folder.resolve("streaming.yml").toString());
      return code + " " + printed.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void the_lake_query_alone_needs_no_index_and_the_index_query_alone_no_lake() throws Exception {
    setup.topic().create().send(events(names("a", 5)));
    TestSetup deaf = new TestSetup(folder, stack.kafka(), "http://127.0.0.1:9", topicName());

    try (StreamingJob job = deaf.start("queries: [lake]")) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 5)));
      eventually(
          () -> assertThat(setup.lake().texts("event_counts", "count")).containsExactly("5"));
    }
    assertThat(setup.index().ids()).isEmpty();

    Path elsewhere = java.nio.file.Files.createDirectory(folder.resolve("elsewhere"));
    TestSetup indexOnly =
        new TestSetup(elsewhere, stack.kafka(), stack.elasticsearch(), topicName());
    try (StreamingJob job = indexOnly.start("queries: [index]")) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(indexOnly.index().ids()).isEqualTo(names("a", 5)));
    }
    assertThat(indexOnly.lake().ids()).isEmpty();
    assertThat(indexOnly.index().status("lake").isMissingNode()).isTrue();
  }

  private String topicName() {
    return setup.topic().name();
  }

  @Test
  void documents_that_are_refused_become_letters_and_hold_nothing_up() throws Exception {
    String longKey = "k".repeat(9_000);
    String longValue = "v".repeat(8_000);
    setup
        .topic()
        .create()
        .send(
            event("fine"),
            event("nul-key", "{\"a\\u0000b\":1}"),
            event("nul-value", "{\"a\":\"\\u0000\"}"),
            event("odd-keys", "{\"\":1,\".\":2,\"a..b\":3,\" \":4,\"a.\":5}"),
            event("long-value", "{\"a\":\"" + "v".repeat(40_000) + "\"}"),
            event("long-key", "{\"%s\":\"%s\"}".formatted("k".repeat(33_000), "v")),
            event("long-both", "{\"%s\":\"%s%s\"}".formatted(longKey.repeat(3), longValue, "")),
            event("clash", "{\"a\":{\"b\":1},\"a.b\":2}"),
            event("empty-object", "{}"),
            event("number", "{\"a\":1e400,\"b\":1234567890123456789012345678901234567890}"));

    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(setup.lake().ids()).hasSize(10));
      eventually(
          () ->
              assertThat(setup.index().ids())
                  .containsExactly(
                      "clash",
                      "empty-object",
                      "fine",
                      "long-value",
                      "nul-value",
                      "number",
                      "odd-keys"));
      eventually(
          () ->
              assertThat(setup.lake().letters())
                  .containsExactly(
                      "index_rejected index long-both",
                      "index_rejected index long-key",
                      "index_rejected index nul-key"));
      assertThat(setup.lake().texts("dead_letters", "detail"))
          .allSatisfy(detail -> assertThat(detail).isNotEmpty());
      assertThat(setup.lake().texts("dead_letters", "raw_length > 0")).containsOnly("true");
      eventually(
          () ->
              assertThat(
                      setup
                          .index()
                          .status("index")
                          .path("dead_letters")
                          .path("index_rejected")
                          .asLong())
                  .isEqualTo(3));
      setup.topic().send(event("after"));
      eventually(() -> assertThat(setup.index().ids()).contains("after"));
    }
    setup.deleteCheckpoints();
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      setup.topic().send(event("again"));
      eventually(() -> assertThat(setup.index().ids()).contains("again"));
      eventually(() -> assertThat(setup.lake().ids()).contains("again"));
      assertThat(setup.lake().letters()).hasSize(3);
    }
  }

  @Test
  void a_field_added_later_reaches_the_days_that_are_there() throws Exception {
    setup.topic().create().send(event("before", "{\"platform\":\"ios\",\"place\":\"59.3,18.1\"}"));
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(setup.index().ids()).containsExactly("before"));
      eventually(() -> assertThat(setup.lake().ids()).containsExactly("before"));
    }

    String fields =
        """
        fields:
          - {name: platform, path: platform, type: string}
          - {name: place, path: place, type: geo_point}
        counts: {every: 1s, dimensions: [platform]}
        """;
    try (StreamingJob job = setup.start(fields)) {
      assertThat(job.metricsPort()).isPositive();
      setup
          .topic()
          .send(event("after", "{\"platform\":\"ios\",\"place\":{\"lat\":59.3,\"lon\":18.1}}"));
      eventually(() -> assertThat(setup.index().ids()).containsExactly("after", "before"));
      eventually(
          () ->
              assertThat(
                      setup.lake().texts("events", "concat_ws(' ', event_id, platform, place.lat)"))
                  .containsExactly("after ios 59.3", "before"));
      assertThat(setup.index().count("platform:ios")).isEqualTo(1);
      JsonNode near =
          setup
              .index()
              .send(
                  "POST",
                  "/%sevents-2016.06.10/_search".formatted(setup.index().prefix()),
                  "{\"query\":{\"geo_distance\":{\"distance\":\"1km\",\"place\":{\"lat\":59.3,\"lon\":18.1}}}}");
      assertThat(near.path("hits").path("hits").findValuesAsText("_id")).containsExactly("after");
      eventually(
          () ->
              assertThat(setup.lake().texts("event_counts", "concat_ws(' ', platform, count)"))
                  .containsExactly("1", "ios 1"));
      // Those counted without the platform are gone.
      eventually(
          () ->
              assertThat(setup.index().documents("event-counts-2016.06"))
                  .extracting(
                      count ->
                          count.path("platform").asText("none")
                              + " "
                              + count.path("count").asText())
                  .containsExactlyInAnyOrder("none 1", "ios 1"));
    }
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
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 4), names("b", 4))));
    }
  }
}
