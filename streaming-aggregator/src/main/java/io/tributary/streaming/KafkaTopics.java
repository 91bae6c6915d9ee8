package io.tributary.streaming;

import io.tributary.lake.table.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that are read: made or checked at the start, asked for their ends while running. */
final class KafkaTopics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** Spark counts in microseconds: a later time than some 290,000 years from now overflows. */
  private static final long MOST_MILLIS_AHEAD = Duration.ofDays(36_500_000).toMillis();

  private final StreamingConfiguration.Kafka settings;
  private final Admin admin;

  KafkaTopics(StreamingConfiguration.Kafka settings) {
    this.settings = settings;
    Properties properties = new Properties();
    settings
        .options()
        .forEach(
            (key, value) -> {
              if (key.startsWith("kafka.")) {
                properties.put(key.substring("kafka.".length()), value);
              }
            });
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    this.admin = Admin.create(properties);
  }

  /**
   * Makes the topics that are missing and warns of settings that lose or refuse records.
   *
   * @throws UnavailableException when Kafka does not answer
   */
  void createOrVerify() throws UnavailableException, InterruptedException {
    for (String topic : settings.topics()) {
      create(topic);
    }
    verify();
  }

  private void create(String topic) throws UnavailableException, InterruptedException {
    NewTopic wanted =
        new NewTopic(topic, settings.partitions(), (short) settings.replication())
            .configs(
                Map.of(
                    TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.retentionMillis()),
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Long.toString(settings.maxMessageSize().bytes())));
    try {
      admin.createTopics(List.of(wanted)).all().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      LOG.info(
          "Created topic {}: {} partitions, replication {}, retention {}",
          topic,
          settings.partitions(),
          settings.replication(),
          settings.retention());
      awaitLeaders(topic);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw unavailable("create topic " + topic, e.getCause() == null ? e : e.getCause());
      }
    } catch (TimeoutException e) {
      throw unavailable("create topic " + topic, e);
    }
  }

  /**
   * Waits until the leader of every partition answers. Before, a broker may refuse a producer's
   * first request and take its second, and then never takes the first again (KAFKA-15591).
   */
  private void awaitLeaders(String topic) throws UnavailableException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < settings.partitions(); partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    answer("find the leaders of topic " + topic, admin.listOffsets(ends).all());
  }

  /** Those of the topics that Kafka does not have. */
  List<String> missing() throws UnavailableException, InterruptedException {
    Set<String> there = answer("list the topics", admin.listTopics().names());
    return settings.topics().stream().filter(topic -> !there.contains(topic)).toList();
  }

  private void verify() throws UnavailableException, InterruptedException {
    List<ConfigResource> resources =
        settings.topics().stream()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    var configs = answer("describe the topics", admin.describeConfigs(resources).all());
    configs.forEach(
        (topic, config) -> {
          long largest = Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
          if (largest < settings.maxMessageSize().bytes()) {
            LOG.warn(
                "Topic {} takes messages up to {} bytes, configured is {}: larger events are refused to their producers. Raise max.message.bytes of the topic.",
                topic.name(),
                largest,
                settings.maxMessageSize().bytes());
          }
          long retention = Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
          if (retention >= 0
              && (settings.retentionMillis() < 0 || retention < settings.retentionMillis())) {
            LOG.warn(
                "Topic {} keeps records for {} ms, configured is {}: a job that stands still longer loses records. Raise retention.ms of the topic.",
                topic.name(),
                retention,
                settings.retention());
          }
          ConfigEntry ahead = config.get(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG);
          if (ahead != null
              && Long.parseLong(ahead.value()) > MOST_MILLIS_AHEAD
              && "CreateTime"
                  .equals(config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value())) {
            LOG.warn(
                "Topic {} takes records with any time in the future: one with a time that Spark cannot read (nanoseconds for milliseconds, say) stops the job for good. Set message.timestamp.after.max.ms of the topic, to an hour say.",
                topic.name());
          }
          if (!"delete".equals(config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value())) {
            LOG.warn(
                "Topic {} is compacted: Kafka removes records of equal keys before they are read. Set cleanup.policy=delete.",
                topic.name());
          }
        });
    descriptions()
        .forEach(
            (name, description) -> {
              int replication = description.partitions().get(0).replicas().size();
              if (replication < settings.replication()) {
                LOG.warn(
                    "Topic {} has replication {}, configured is {}: a lost broker may lose records.",
                    name,
                    replication,
                    settings.replication());
              }
            });
  }

  /** The next offset of every partition. */
  Ends ends() throws UnavailableException, InterruptedException {
    Map<String, TopicDescription> descriptions = descriptions();
    return new Ends(offsets(descriptions, OffsetSpec.latest()), ids(descriptions));
  }

  /** The ids that Kafka gives to the topics now. */
  Map<String, String> ids() throws UnavailableException, InterruptedException {
    return ids(descriptions());
  }

  /** What Kafka holds of the topics now. */
  Holdings holdings() throws UnavailableException, InterruptedException {
    Map<String, TopicDescription> descriptions = descriptions();
    return new Holdings(
        ids(descriptions),
        offsets(descriptions, OffsetSpec.earliest()),
        offsets(descriptions, OffsetSpec.latest()));
  }

  private static Map<String, String> ids(Map<String, TopicDescription> descriptions) {
    Map<String, String> ids = new TreeMap<>();
    descriptions.forEach((topic, description) -> ids.put(topic, description.topicId().toString()));
    return ids;
  }

  private Map<String, TopicDescription> descriptions()
      throws UnavailableException, InterruptedException {
    return answer("describe the topics", admin.describeTopics(settings.topics()).allTopicNames());
  }

  private Map<String, Map<Integer, Long>> offsets(
      Map<String, TopicDescription> descriptions, OffsetSpec which)
      throws UnavailableException, InterruptedException {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    descriptions.forEach(
        (topic, description) ->
            description
                .partitions()
                .forEach(info -> request.put(new TopicPartition(topic, info.partition()), which)));
    Map<TopicPartition, ListOffsetsResultInfo> offsets =
        answer("ask for the offsets", admin.listOffsets(request).all());
    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
    offsets.forEach(
        (partition, info) ->
            byTopic
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), info.offset()));
    return byTopic;
  }

  private <T> T answer(String what, KafkaFuture<T> future)
      throws UnavailableException, InterruptedException {
    try {
      return future.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw unavailable(what, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw unavailable(what, e);
    }
  }

  private UnavailableException unavailable(String what, Throwable cause) {
    return new UnavailableException(
        "Cannot %s: Kafka at %s does not answer (%s). Check that it runs and that kafka.bootstrap-servers is right."
            .formatted(what, settings.bootstrapServers(), cause),
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }

  /**
   * Next offsets by topic and partition.
   *
   * @param topicIds the ids that Kafka gives to the topics; one that is deleted and made again gets
   *     another
   */
  record Ends(Map<String, Map<Integer, Long>> offsets, Map<String, String> topicIds) {
    /**
     * Whether no topic is another one than in these ids; topics that they do not name may be any.
     */
    boolean isOf(Map<String, String> ids) {
      return topicIds.entrySet().stream()
          .allMatch(
              topic -> topic.getValue().equals(ids.getOrDefault(topic.getKey(), topic.getValue())));
    }

    /** What is between a position and these ends, by partition. */
    List<OffsetRange> after(Map<String, Map<Integer, Long>> done) {
      List<OffsetRange> ranges = new ArrayList<>();
      offsets.forEach(
          (topic, partitions) ->
              partitions.forEach(
                  (partition, end) -> {
                    long next = done.getOrDefault(topic, Map.of()).getOrDefault(partition, 0L);
                    ranges.add(new OffsetRange(topic, partition, Math.min(next, end), end));
                  }));
      return ranges;
    }
  }
}
