package io.tributary.api.collect;

import io.tributary.api.health.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the broker answers and every partition of the topic has a leader to write to. */
public final class TopicCheck implements Check {
  private final KafkaAdministration kafka;
  private final String topic;

  /** Asks for this topic. */
  public TopicCheck(KafkaAdministration kafka, String topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public Result run(Duration patience) {
    try {
      Map<String, TopicDescription> descriptions =
          KafkaAdministration.await(
              kafka
                  .open()
                  .describeTopics(
                      List.of(topic),
                      new DescribeTopicsOptions().timeoutMs((int) patience.toMillis()))
                  .allTopicNames(),
              patience);
      List<TopicPartitionInfo> partitions =
          Objects.requireNonNull(descriptions.get(topic)).partitions();
      long leaderless =
          partitions.stream()
              .filter(partition -> partition.leader() == null || partition.leader().isEmpty())
              .count();
      return leaderless > 0
          ? Result.failed(
              "%d of %d partitions of topic %s have no leader"
                  .formatted(leaderless, partitions.size(), topic))
          : Result.passed("topic %s has %d partitions".formatted(topic, partitions.size()));
    } catch (UnknownTopicOrPartitionException absent) {
      return Result.failed("topic %s does not exist yet".formatted(topic));
    } catch (org.apache.kafka.common.errors.TimeoutException late) {
      return Result.failed("Kafka did not answer in time");
    } catch (KafkaException failure) {
      return Result.failed("Kafka can't be asked (%s)".formatted(failure.getMessage()));
    }
  }
}
