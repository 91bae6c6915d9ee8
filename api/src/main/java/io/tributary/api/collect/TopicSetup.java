package io.tributary.api.collect;

import io.dropwizard.lifecycle.Managed;
import io.tributary.api.config.TopicConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topic when it is not there and checks its message size when it is. Tries in the
 * background until Kafka answers, so that the API starts without it.
 */
public final class TopicSetup implements Managed {
  private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long RETRY_MILLIS = 1_000;

  private final KafkaAdministration kafka;
  private final TopicConfiguration topic;
  private final KafkaEventLog eventLog;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "topic-setup");
            daemon.setDaemon(true);
            return daemon;
          });
  private String lastProblem = "";

  /** Sets this topic up, then warms the log up. */
  public TopicSetup(KafkaAdministration kafka, TopicConfiguration topic, KafkaEventLog eventLog) {
    this.kafka = kafka;
    this.topic = topic;
    this.eventLog = eventLog;
  }

  @Override
  public void start() {
    thread.execute(this::attempt);
  }

  private void attempt() {
    try {
      if (!isThere()) {
        create();
      }
      check();
      eventLog.warmUp();
    } catch (KafkaException | AppendFailedException failure) {
      String problem = String.valueOf(failure.getMessage());
      if (!problem.equals(lastProblem)) {
        log.warn(
            "Cannot set up topic {}: {}. Trying again every {} ms.",
            topic.name(),
            problem,
            RETRY_MILLIS);
        lastProblem = problem;
      }
      if (!thread.isShutdown()) {
        thread.schedule(this::attempt, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private boolean isThere() {
    try {
      KafkaAdministration.await(
          kafka.open().describeTopics(List.of(topic.name())).allTopicNames(), PATIENCE);
      return true;
    } catch (UnknownTopicOrPartitionException absent) {
      return false;
    }
  }

  private void create() {
    NewTopic created =
        new NewTopic(topic.name(), topic.partitions(), (short) topic.replication())
            .configs(
                Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(topic.retentionMillis()),
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Long.toString(topic.maxMessageBytes().toBytes())));
    try {
      KafkaAdministration.await(kafka.open().createTopics(List.of(created)).all(), PATIENCE);
      log.info(
          "Created topic {} with {} partitions, replication {}, retention {}",
          topic.name(),
          topic.partitions(),
          topic.replication(),
          topic.retention());
      awaitLeaders();
    } catch (TopicExistsException raced) {
      log.debug("Topic {} was created by another", topic.name());
    }
  }

  /**
   * Waits until the leader of every partition answers. Before, a broker may refuse our first
   * request and take the second, and then never takes the first again (KAFKA-15591).
   */
  private void awaitLeaders() {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < topic.partitions(); partition++) {
      ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
    }
    KafkaAdministration.await(kafka.open().listOffsets(ends).all(), PATIENCE);
  }

  private void check() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    Config config =
        KafkaAdministration.await(kafka.open().describeConfigs(List.of(resource)).all(), PATIENCE)
            .get(resource);
    String allowed =
        config == null || config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG) == null
            ? "0"
            : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
    if (Long.parseLong(allowed) < topic.maxMessageBytes().toBytes()) {
      log.warn(
          "Topic {} takes messages of {} bytes only. Set its max.message.bytes to {}, else large"
              + " events are refused.",
          topic.name(),
          allowed,
          topic.maxMessageBytes().toBytes());
    }
  }

  @Override
  public void stop() {
    thread.shutdownNow();
  }
}
