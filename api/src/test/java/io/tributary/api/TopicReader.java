package io.tributary.api;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads all of a topic, as anyone else would. */
final class TopicReader {
  private TopicReader() {}

  /** All records there are now. */
  static List<ConsumerRecord<String, byte[]>> read(String kafka, String topic) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kafka, "max.partition.fetch.bytes", 8_388_608);
    try (Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<String, ConsumerRecord<String, byte[]>> records = new HashMap<>();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(
                        record -> records.put(record.partition() + "/" + record.offset(), record));
                return partitions.stream()
                    .allMatch(
                        partition ->
                            consumer.position(partition)
                                >= Objects.requireNonNull(ends.get(partition)));
              });
      return List.copyOf(records.values());
    }
  }

  /** The values by key; fails when a key is there twice. */
  static Map<String, byte[]> byKey(String kafka, String topic) {
    return read(kafka, topic).stream()
        .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::value));
  }
}
