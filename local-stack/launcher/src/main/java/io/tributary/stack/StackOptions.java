package io.tributary.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a stack is started with.
 *
 * @param home the folder that holds data ({@code kafka}, {@code elasticsearch}) and {@code logs};
 *     made when absent
 * @param kafkaPort the broker's port on 127.0.0.1; 0 for the one these data used before, or a free
 *     one
 * @param elasticsearchPort as {@code kafkaPort}, for the node's HTTP port
 * @param kafkaHeap the broker's largest heap as the JVM writes it, {@code 512m}
 * @param elasticsearchHeap the node's heap, likewise
 * @param startLimit how long both servers together may take until they answer
 * @param kafkaSettings broker settings on top of ours
 * @param elasticsearchSettings node settings on top of ours
 */
public record StackOptions(
    Path home,
    int kafkaPort,
    int elasticsearchPort,
    String kafkaHeap,
    String elasticsearchHeap,
    Duration startLimit,
    Map<String, String> kafkaSettings,
    Map<String, String> elasticsearchSettings) {

  /** Checks the ports. */
  public StackOptions {
    home = home.toAbsolutePath().normalize();
    checkPort("Kafka", kafkaPort);
    checkPort("Elasticsearch", elasticsearchPort);
    kafkaSettings = Map.copyOf(kafkaSettings);
    elasticsearchSettings = Map.copyOf(elasticsearchSettings);
  }

  /** Data and logs in {@code home}, ports as the data had them or free ones. */
  public static StackOptions in(Path home) {
    return new StackOptions(home, 0, 0, "512m", "1g", Duration.ofSeconds(120), Map.of(), Map.of());
  }

  /** The same with these ports. */
  public StackOptions withPorts(int kafka, int elasticsearch) {
    return new StackOptions(
        home,
        kafka,
        elasticsearch,
        kafkaHeap,
        elasticsearchHeap,
        startLimit,
        kafkaSettings,
        elasticsearchSettings);
  }

  /** The same with these heaps, as the JVM writes them. */
  public StackOptions withHeaps(String kafka, String elasticsearch) {
    return new StackOptions(
        home,
        kafkaPort,
        elasticsearchPort,
        kafka,
        elasticsearch,
        startLimit,
        kafkaSettings,
        elasticsearchSettings);
  }

  /** The same with these broker settings on top of ours. */
  public StackOptions withKafkaSettings(Map<String, String> settings) {
    return new StackOptions(
        home,
        kafkaPort,
        elasticsearchPort,
        kafkaHeap,
        elasticsearchHeap,
        startLimit,
        settings,
        elasticsearchSettings);
  }

  /** The same with these node settings on top of ours. */
  public StackOptions withElasticsearchSettings(Map<String, String> settings) {
    return new StackOptions(
        home,
        kafkaPort,
        elasticsearchPort,
        kafkaHeap,
        elasticsearchHeap,
        startLimit,
        kafkaSettings,
        settings);
  }

  private static void checkPort(String server, int port) {
    if (port < 0 || port > 65_535) {
      throw new StackException(
          "Invalid " + server + " port: " + port + " (must be 0 for any free port, or 1 to 65535)");
    }
  }
}
