package io.tributary.streaming;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic and what is sent to it. */
record TestTopic(String kafka, String name) {

  /** Makes the topic, with two partitions. */
  TestTopic create() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, 2, (short) 1)
                      .configs(Map.of("max.message.bytes", "4194304", "retention.ms", "-1"))))
          .all()
          .get();
      return this;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void delete() {
    admin(admin -> admin.deleteTopics(List.of(name)).all());
    await()
        .ignoreExceptions()
        .until(
            () -> {
              try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
                return !admin.listTopics().names().get().contains(name);
              }
            });
  }

  /** Gives the topic so many partitions. */
  TestTopic grow(int partitions) {
    admin(
        admin -> admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    return this;
  }

  /** Has Kafka forget the records of a partition before an offset, as retention does. */
  void deleteBefore(int partition, long offset) {
    admin(
        admin ->
            admin
                .deleteRecords(
                    Map.of(
                        new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)))
                .all());
  }

  private interface Request {
    KafkaFuture<?> to(Admin admin);
  }

  private void admin(Request request) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      request.to(admin).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends to one partition, and waits until Kafka has all. */
  void send(int partition, List<String> values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (String value : values) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    name, partition, null, value.getBytes(StandardCharsets.UTF_8))));
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void send(String... values) {
    send(List.of(values));
  }

  void send(List<String> values) {
    List<byte @Nullable []> bytes = new ArrayList<>();
    values.forEach(value -> bytes.add(value.getBytes(StandardCharsets.UTF_8)));
    sendBytes(bytes);
  }

  /** Sends records and waits until Kafka has them all. */
  void sendBytes(List<byte @Nullable []> values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka, "max.request.size", 4_000_000, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (byte[] value : values) {
        sent.add(producer.send(new ProducerRecord<>(name, value)));
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An event of 2016-06-10 as JSON text. */
  static String event(String id) {
    return event(id, "{\"n\":1}");
  }

  static String event(String id, String params) {
    return "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"2016-06-10T01:02:03.000004Z\",\"params\":%s}"
        .formatted(id, params);
  }

  /** {@code first-0000, first-0001 …}. */
  static List<String> names(String first, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("%s-%05d".formatted(first, i));
    }
    return names;
  }

  /** All that is in any of the lists, sorted; what is in two is there twice. */
  @SafeVarargs
  static List<String> all(List<String>... parts) {
    return Stream.of(parts).flatMap(List::stream).sorted().toList();
  }

  static List<String> events(List<String> names) {
    return names.stream().map(TestTopic::event).toList();
  }
}
