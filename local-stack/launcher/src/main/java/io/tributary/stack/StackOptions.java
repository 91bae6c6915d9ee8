package io.tributary.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a stack is started with.
 *
 * @param home the folder that holds data ({@code kafka}, {@code elasticsearch}) and {@code logs};
 *     made when absent
 * @param startLimit how long each server may take until it answers
 */
public record StackOptions(
    Path home,
    ServerOptions kafka,
    ServerOptions elasticsearch,
    Tuning tuning,
    Duration startLimit) {

  /** Makes the home absolute: the servers are other processes. */
  public StackOptions {
    home = home.toAbsolutePath().normalize();
  }

  /** Data and logs in {@code home}, ports as the data had them or free ones. */
  public static StackOptions in(Path home) {
    return new StackOptions(
        home,
        new ServerOptions(0, "512m", Map.of()),
        new ServerOptions(0, "1g", Map.of()),
        Tuning.THROUGHPUT,
        Duration.ofMinutes(2));
  }

  /** The same with these ports on 127.0.0.1; 0 as the data had it, or a free one. */
  public StackOptions withPorts(int kafkaPort, int elasticsearchPort) {
    return with(kafka.withPort(kafkaPort), elasticsearch.withPort(elasticsearchPort));
  }

  /** The same with these heaps, as the JVM writes them. */
  public StackOptions withHeaps(String kafkaHeap, String elasticsearchHeap) {
    return with(kafka.withHeap(kafkaHeap), elasticsearch.withHeap(elasticsearchHeap));
  }

  /** The same with these broker settings on top of ours. */
  public StackOptions withKafkaSettings(Map<String, String> settings) {
    return with(kafka.withSettings(settings), elasticsearch);
  }

  /** The same with these node settings on top of ours. */
  public StackOptions withElasticsearchSettings(Map<String, String> settings) {
    return with(kafka, elasticsearch.withSettings(settings));
  }

  /** The same, tuned so. */
  public StackOptions withTuning(Tuning other) {
    return new StackOptions(home, kafka, elasticsearch, other, startLimit);
  }

  private StackOptions with(ServerOptions kafkaOptions, ServerOptions elasticsearchOptions) {
    return new StackOptions(home, kafkaOptions, elasticsearchOptions, tuning, startLimit);
  }
}
