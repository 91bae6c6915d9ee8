package io.tributary.api.collect;

import io.tributary.api.config.CollectConfiguration;
import io.tributary.api.config.KafkaConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What Kafka's clients are told. */
public final class KafkaSettings {
  /** How long a record may wait for others to travel with. */
  private static final int LINGER_MILLIS = 5;

  /** How long a request may wait for the topic's layout, or for room in the buffer. */
  private static final int MAX_BLOCK_MILLIS = 3_000;

  /** Large enough for the largest event with its envelope. */
  private static final int MAX_REQUEST_BYTES = 4_194_304;

  private static final int BATCH_BYTES = 131_072;
  private static final int ADMIN_TIMEOUT_MILLIS = 5_000;
  private static final int MAX_RECONNECT_MILLIS = 1_000;

  private KafkaSettings() {}

  /** How long an append may take in all: to find room, then to be delivered. */
  public static Duration patience(KafkaConfiguration kafka) {
    return kafka.deliveryTimeout().toJavaDuration().plusMillis(MAX_BLOCK_MILLIS);
  }

  /** A producer whose records are stored for good once acknowledged, and never twice by a retry. */
  public static Map<String, Object> producer(
      KafkaConfiguration kafka, CollectConfiguration collect) {
    int deliveryMillis = (int) kafka.deliveryTimeout().toMilliseconds();
    Map<String, Object> settings = common(kafka);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMillis);
    settings.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.max(Math.min(deliveryMillis / 2, deliveryMillis - LINGER_MILLIS), 1));
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, collect.bufferBytes().toBytes());
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.putAll(kafka.properties());
    return settings;
  }

  /** An admin client that gives up soon. */
  public static Map<String, Object> admin(KafkaConfiguration kafka) {
    Map<String, Object> settings = common(kafka);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS / 2);
    settings.putAll(kafka.properties());
    return settings;
  }

  private static Map<String, Object> common(KafkaConfiguration kafka) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "tributary-api");
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, MAX_RECONNECT_MILLIS);
    settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 2_000);
    settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 4_000);
    return settings;
  }
}
