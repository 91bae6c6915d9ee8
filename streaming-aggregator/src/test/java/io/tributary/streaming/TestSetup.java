package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInfo;

/** Everything of one test that must not be another's: topic, lake, indices, configuration. */
final class TestSetup {
  private static final int LONGEST_NAME = 40;

  private final Path folder;
  private final String kafka;
  private final String elasticsearch;
  private final String name;
  private String kafkaOptions = "";
  private String indexOptions = "";
  private String lakeOptions = "";
  private String consumerOptions = "";
  private String auditEvery = "1h";
  private String ledgerEvery = "500ms";

  /** On the servers that all share, under the name of the test. */
  static TestSetup of(Path folder, TestInfo test) {
    LocalStack stack = SharedLocalStack.running();
    String name = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    return new TestSetup(
        folder,
        stack.kafka(),
        stack.elasticsearch(),
        name.substring(0, Math.min(LONGEST_NAME, name.length())));
  }

  /**
   * @param name of topic and prefix: lower-case letters and {@code -}
   */
  TestSetup(Path folder, String kafka, String elasticsearch, String name) {
    this.folder = folder;
    this.kafka = kafka;
    this.elasticsearch = elasticsearch;
    this.name = name;
  }

  /** Has the next configuration say something more about Kafka. */
  void kafkaOption(String key, String value) {
    kafkaOptions = ", %s: %s".formatted(key, value);
  }

  /** Has the next configuration set something more of Kafka's own options. */
  void consumerOption(String key, String value) {
    consumerOptions += ", %s: \"%s\"".formatted(key, value);
  }

  /** Has the next configuration say something more about the lake. */
  void lakeOption(String key, String value) {
    lakeOptions = ", %s: %s".formatted(key, value);
  }

  /** Has the next configuration compare the index with the lake so often. */
  void auditEvery(String duration) {
    auditEvery = duration;
  }

  /** Has the next configuration write the ledger so often. */
  void ledgerEvery(String duration) {
    ledgerEvery = duration;
  }

  /** Has the next configuration say something more about the index. */
  void indexOption(String key, String value) {
    indexOptions += ", %s: %s".formatted(key, value);
  }

  TestTopic topic() {
    return new TestTopic(kafka, name);
  }

  Path lakeRoot() {
    return folder.resolve("lake");
  }

  TestLake lake() {
    return new TestLake(lakeRoot());
  }

  TestIndex index() {
    return new TestIndex(elasticsearch, name + "-");
  }

  /** A configuration file; {@code more} is YAML put behind ours. */
  Path file(String more) {
    String spark =
        TestLake.SMALL_SPARK.entrySet().stream()
            .map(option -> "  %s: \"%s\"".formatted(option.getKey(), option.getValue()))
            .collect(Collectors.joining("\n"));
    String text =
        """
        kafka: {bootstrap-servers: "%s", topics: [%s], partitions: 2, retention: forever%s, options: {kafka.metadata.max.age.ms: "500"%s}}
        lake: {root: "%s", checkpoints: "%s", trigger: 100ms%s}
        index: {elasticsearch: "%s", prefix: %s-, trigger: 100ms, refresh-interval: 200ms, options: {es.http.timeout: 5s}%s}
        metrics: {port: 0}
        ledger: {every: %s}
        audit: {every: %s}
        retry: {first: 200ms, longest: 1s}
        spark:
        %s
        %s
        """
            .formatted(
                kafka,
                name,
                kafkaOptions,
                consumerOptions,
                lakeRoot(),
                folder.resolve("checkpoints"),
                lakeOptions,
                elasticsearch,
                name,
                indexOptions,
                ledgerEvery,
                auditEvery,
                spark,
                more.contains("counts:") ? more : "counts: {every: 1s}\n" + more);
    try {
      return Files.writeString(folder.resolve("streaming.yml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StreamingJob start(String more) throws IOException, ConfigurationException {
    return StreamingJob.start(
        StreamingConfiguration.reader(Map.of()).read(file(more)), Clock.systemUTC());
  }

  StreamingJob start() throws IOException, ConfigurationException {
    return start("");
  }

  /** What is said of a start before it is made. */
  Preflight preflight(String more) throws InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int exit =
        new PreflightCommand(file(more), new PrintStream(text, true, StandardCharsets.UTF_8))
            .call();
    return new Preflight(exit, text.toString(StandardCharsets.UTF_8));
  }

  record Preflight(int exit, String text) {}

  /** Has a job of its own bring these events of partition 0 to lake and index. */
  void ingest(List<String> names) throws IOException, ConfigurationException {
    topic().send(0, TestTopic.events(names));
    try (StreamingJob job = start()) {
      awaitEverywhere(names);
    }
  }

  /** Waits until lake and index have the events of these ids, and no others. */
  void awaitEverywhere(List<String> ids) {
    eventually(() -> assertThat(lake().ids()).isEqualTo(ids));
    eventually(() -> assertThat(index().ids()).isEqualTo(ids));
  }

  /** Where the index query says that it goes on; missing when it does not say. */
  JsonNode position() {
    return index().status("index-position");
  }

  /** Where the index says that it goes on in partition 0; negative when it does not say. */
  long next() {
    for (JsonNode range : position().path("offsets")) {
      if (range.path("partition").asInt() == 0) {
        return range.path("until").asLong();
      }
    }
    return -1;
  }

  void deleteCheckpoints() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
