package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalStackIT {
  private Path home;
  private LocalStack stack;

  @BeforeAll
  void start(@TempDir Path folder) {
    home = folder.resolve("home");
    stack = LocalStack.start(StackOptions.in(home).withTuning(Tuning.QUICK_START));
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void recordsGoInAndOutOfTheBroker() throws Exception {
    Clients.createTopic(stack.kafka(), "round-trip", Map.of());

    Clients.produce(stack.kafka(), "round-trip", List.of("one", "two", "three"));

    assertThat(Clients.consume(stack.kafka(), "round-trip")).containsExactly("one", "two", "three");
  }

  @Test
  void aTopicMayAllowRecordsOfFourMebibytes() throws Exception {
    Clients.createTopic(stack.kafka(), "large", Map.of("max.message.bytes", "4194304"));
    String large = "x".repeat(4_000_000);

    Clients.produce(stack.kafka(), "large", List.of(large));

    assertThat(Clients.consume(stack.kafka(), "large")).containsExactly(large);
  }

  @Test
  void aTopicThatNobodyMadeIsNotMadeByAskingForIt() {
    assertThatThrownBy(
            () -> Clients.produce(stack.kafka(), "nobody-made-it", List.of("lost"), 2_000))
        .hasMessageContaining("nobody-made-it");
  }

  @Test
  void theNodeSaysThatItIsElasticsearch() throws Exception {
    HttpResponse<String> root = Clients.get(stack.elasticsearch() + "/");

    assertThat(root.statusCode()).isEqualTo(200);
    assertThat(root.headers().firstValue("X-elastic-product")).contains("Elasticsearch");
    assertThat(root.body()).contains("\"cluster_name\" : \"tributary-local\"", "\"number\" : \"8.");
  }

  @Test
  void documentsIndexedAreFound() throws Exception {
    index("found", "1", "{\"word\":\"river\"}");
    index("found", "2", "{\"word\":\"lake\"}");

    assertThat(search("found", "word:river"))
        .contains("\"_id\":\"1\"")
        .doesNotContain("\"_id\":\"2\"");
  }

  @Test
  void acknowledgedDataSurviveKillingEitherServer() throws Exception {
    Clients.createTopic(stack.kafka(), "killed", Map.of());
    Clients.produce(stack.kafka(), "killed", List.of("kept"));
    index("killed", "kept", "{\"word\":\"kept\"}");
    String kafka = stack.kafka();
    String elasticsearch = stack.elasticsearch();
    long killedBroker = stack.broker().pid();

    stack.broker().kill();
    stack.node().kill();
    assertThat(stack.broker().isRunning()).isFalse();
    assertThat(stack.node().isRunning()).isFalse();
    assertThat(stack.node().answers()).isFalse();
    stack.broker().start();
    stack.node().start();

    assertThat(stack.broker().pid()).isNotEqualTo(killedBroker);
    assertThat(Clients.consume(kafka, "killed")).containsExactly("kept");
    assertThat(Clients.get(elasticsearch + "/killed/_doc/kept").statusCode()).isEqualTo(200);
  }

  @Test
  void aStackStartedAgainGoesOnWithItsDataAndPorts() throws Exception {
    Clients.createTopic(stack.kafka(), "again", Map.of());
    Clients.produce(stack.kafka(), "again", List.of("kept"));
    index("again", "kept", "{\"word\":\"kept\"}");
    String kafka = stack.kafka();
    String elasticsearch = stack.elasticsearch();

    stack.close();
    stack = LocalStack.start(StackOptions.in(home).withTuning(Tuning.QUICK_START));

    assertThat(stack.kafka()).isEqualTo(kafka);
    assertThat(stack.elasticsearch()).isEqualTo(elasticsearch);
    assertThat(Clients.consume(kafka, "again")).containsExactly("kept");
    assertThat(search("again", "word:kept")).contains("\"_id\":\"kept\"");
  }

  @Test
  void aSecondStackInTheSameHomeIsRefused() {
    assertThatThrownBy(() -> LocalStack.start(StackOptions.in(home)))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Cannot start a stack in " + home)
        .hasMessageContaining("another running stack uses it")
        .hasMessageContaining("scripts/local-stack stop --home " + home);
    assertThat(stack.broker().answers()).isTrue();
  }

  @Test
  void aBusyPortIsNamedTogetherWithTheRemedy(@TempDir Path other) throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = busy.getLocalPort();
      assertThatThrownBy(() -> LocalStack.start(StackOptions.in(other).withPorts(0, port)))
          .isInstanceOf(StackException.class)
          .hasMessageContaining(
              "Cannot start Elasticsearch: port " + port + " on 127.0.0.1 is taken")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void aHomeThatCannotBeWrittenIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> LocalStack.start(StackOptions.in(file.resolve("home"))))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(
            "Cannot use " + file.resolve("home") + " as home: it cannot be written")
        .hasMessageContaining("choose another home");
  }

  @Test
  void aServerThatDoesNotStartShowsItsLastWords(@TempDir Path other) {
    StackOptions wrong =
        StackOptions.in(other).withKafkaSettings(Map.of("num.network.threads", "many"));
    assertThatThrownBy(() -> LocalStack.start(wrong))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Cannot start Kafka: its process ended with exit code 1")
        .hasMessageContaining("num.network.threads")
        .hasMessageContaining(other.resolve("logs/kafka.log").toString());
  }

  private void index(String index, String id, String document) throws Exception {
    HttpResponse<String> answer =
        Clients.put(
            stack.elasticsearch() + "/" + index + "/_doc/" + id + "?refresh=true", document);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private String search(String index, String query) throws Exception {
    return Clients.get(stack.elasticsearch() + "/" + index + "/_search?q=" + query).body();
  }
}
