package io.tributary.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.produce.EventGenerator;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.KafkaDestination;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streaming job as Spark's own launcher runs it, in a process. */
class SubmitIT {
  private static final int EVENTS = 500;
  private static final String TOPIC = "submitted";
  private static final String PREFIX = "submitted-";

  private final LocalStack stack = SharedLocalStack.running();

  @Test
  void theSubmittedJobFillsLakeAndIndexAndEndsCleanly(@TempDir Path home) throws Exception {
    Set<String> sent = send();
    Path log = home.resolve("submit.log");
    try (SearchClient elasticsearch = SearchClient.of(stack.elasticsearch())) {
      try (RunningProgram job =
          RunningProgram.start(
              "submit",
              List.of("streaming-aggregator", "--master", "local[2]", "--driver-memory", "1g"),
              environment(home),
              log)) {
        await("all %d ids in the lake and in the index".formatted(sent.size()))
            .atMost(Duration.ofMinutes(3))
            .pollInterval(Duration.ofSeconds(1))
            .failFast(
                () ->
                    assertThat(job.isRunning())
                        .as("the job runs; it says:%n%s", Files.readString(log))
                        .isTrue())
            .ignoreExceptions()
            .untilAsserted(
                () -> {
                  assertThat(inLake(home)).containsExactlyInAnyOrderElementsOf(sent);
                  assertThat(inIndex(elasticsearch)).containsExactlyInAnyOrderElementsOf(sent);
                });
      }
      assertThat(inLake(home)).containsExactlyInAnyOrderElementsOf(sent);
      assertThat(elasticsearch.status(PREFIX + "tributary-status", "lake")).isEqualTo("stopped");
    }
    assertThat(Files.readString(log))
        .contains("Stopping: the running batches are finished first")
        .contains("Stopped")
        .doesNotContain("Exception", "could not be instantiated", "InaccessibleObject");
  }

  @Test
  void anUnknownJobIsRefusedWithTheKnownOnes(@TempDir Path home) throws Exception {
    Path log = home.resolve("submit.log");
    try (RunningProgram submit =
        RunningProgram.start("submit", List.of("no-such-job"), environment(home), log)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> !submit.isRunning());
    }
    assertThat(Files.readString(log))
        .contains("Unknown job: no-such-job (streaming-aggregator, audit, reindex, import).");
  }

  private Set<String> send() throws IOException {
    KafkaDestination.prepareTopic(stack.kafka(), TOPIC, 2);
    Set<String> ids = new HashSet<>();
    try (KafkaDestination kafka = new KafkaDestination(stack.kafka(), TOPIC, null)) {
      EventGenerator.stream(GeneratorSettings.plain(11, 1_768_464_000_000_000L, 1_000), EVENTS)
          .forEach(
              record -> {
                ids.add(String.valueOf(record.expectation().eventId()));
                try {
                  kafka.send(record.outgoing());
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      kafka.finish();
    }
    return ids;
  }

  private Map<String, String> environment(Path home) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", "");
    environment.put("TRIBUTARY_HOME", home.toString());
    environment.put("TRIBUTARY_KAFKA", stack.kafka());
    environment.put("TRIBUTARY_TOPIC", TOPIC);
    environment.put("TRIBUTARY_ELASTICSEARCH", stack.elasticsearch());
    environment.put("TRIBUTARY_LAKE", home.resolve("lake").toString());
    environment.put("TRIBUTARY_CHECKPOINTS", home.resolve("checkpoints").toString());
    environment.put("TRIBUTARY_INDEX_PREFIX", PREFIX);
    environment.put("TRIBUTARY_METRICS_PORT", "0");
    return environment;
  }

  private static List<String> inLake(Path home) throws IOException {
    List<String> ids = new ArrayList<>();
    StoredRows.eachId(home.resolve("lake"), ids::add);
    return ids;
  }

  private static List<String> inIndex(SearchClient elasticsearch) throws IOException {
    List<String> ids = new ArrayList<>();
    elasticsearch.eachId(PREFIX + "events-*", ids::add);
    return ids;
  }
}
