package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.EventIdentity;
import io.tributary.event.Provenance;
import io.tributary.produce.Expectation.End;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaDestinationIT {
  private final String kafka = SharedLocalStack.running().kafka();
  private final String topic = "produce-" + UUID.randomUUID();

  @Test
  void theManifestSaysOfEveryRecordWhatItsCoordinatesMakeOfIt(@TempDir Path folder)
      throws IOException {
    Path manifest = folder.resolve("manifest.ndjson");

    int exitCode =
        ProduceMain.command(Clock.systemUTC())
            .execute(
                "--kafka",
                kafka,
                "--topic",
                topic,
                "--partitions",
                "3",
                "--count",
                "4000",
                "--duplicates",
                "0.1",
                "--malformed",
                "0.1",
                "--without-id",
                "0.1",
                "--manifest",
                manifest.toString());

    assertThat(exitCode).isZero();
    List<Manifest.Line> lines = new ArrayList<>();
    Manifest.read(manifest, lines::add);
    List<ConsumerRecord<byte[], byte[]>> records = records(4_000);
    assertThat(lines).hasSize(4_000);
    assertThat(decided(records)).isEqualTo(declared(lines));
    assertThat(lines).anyMatch(line -> String.valueOf(line.eventId()).startsWith("k-"));
  }

  @Test
  void aTopicIsMadeToKeepOldAndLargeRecords() throws Exception {
    KafkaDestination.prepareTopic(kafka, topic, 3);
    KafkaDestination.prepareTopic(kafka, topic, 5);

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      assertThat(admin.describeConfigs(List.of(resource)).all().get().values())
          .singleElement()
          .satisfies(
              config -> {
                assertThat(config.get("retention.ms").value()).isEqualTo("-1");
                assertThat(config.get("max.message.bytes").value()).isEqualTo("4194304");
              });
      assertThat(admin.describeTopics(List.of(topic)).allTopicNames().get().values())
          .singleElement()
          .satisfies(description -> assertThat(description.partitions()).hasSize(3));
    }
  }

  /** What the records make of themselves, partition by partition in the order of offsets. */
  private static Map<String, Integer> decided(List<ConsumerRecord<byte[], byte[]>> records) {
    ExpectedEnds ends = new ExpectedEnds();
    Map<String, Integer> counts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Provenance.Kafka place =
          new Provenance.Kafka(
              record.topic(), record.partition(), record.offset(), record.timestamp());
      Expectation expectation = ends.next(record.value(), place).expectation();
      if (record.key() == null && expectation.end() == End.ROW) {
        assertThat(expectation.eventId()).isEqualTo(EventIdentity.ofKafka(place));
      } else if (record.key() != null) {
        assertThat(new String(record.key(), StandardCharsets.UTF_8))
            .isEqualTo(expectation.eventId());
      }
      counts.merge(expectation.end() + " " + expectation.eventId(), 1, Integer::sum);
    }
    return counts;
  }

  private static Map<String, Integer> declared(List<Manifest.Line> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line.end() + " " + line.eventId(), 1, Integer::sum));
    return counts;
  }

  private List<ConsumerRecord<byte[], byte[]>> records(int expected) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      Set<TopicPartition> partitions = new HashSet<>();
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Duration patience = Duration.ofSeconds(10);
      while (records.size() < expected) {
        var batch = consumer.poll(patience);
        if (batch.isEmpty()) {
          break;
        }
        batch.forEach(records::add);
      }
    }
    return records;
  }
}
