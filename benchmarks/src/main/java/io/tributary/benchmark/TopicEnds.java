package io.tributary.benchmark;

import io.tributary.lake.table.CommittedOffsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where a topic that nobody writes to any more ends. */
record TopicEnds(String topic, Map<Integer, Long> offsets) {
  static TopicEnds of(String kafka, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      Map<Integer, Long> offsets = new HashMap<>();
      consumer
          .endOffsets(partitions(consumer, topic))
          .forEach((partition, end) -> offsets.put(partition.partition(), end));
      return new TopicEnds(topic, offsets);
    }
  }

  static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            kafka,
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest",
            "max.poll.records",
            10_000),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .partitionsFor(topic)
        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    return partitions;
  }

  long records() {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  boolean reachedBy(CommittedOffsets position) {
    return offsets.entrySet().stream()
        .allMatch(end -> position.next(topic, end.getKey()) >= end.getValue());
  }

  boolean reachedBy(Map<Integer, Long> position) {
    return offsets.entrySet().stream()
        .allMatch(end -> position.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }
}
