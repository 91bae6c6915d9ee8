package io.tributary.produce;

import io.tributary.event.Provenance;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic. Every record is acknowledged by all replicas and kept once; its end is noted down with
 * the coordinates that Kafka gave it, because an event without an id gets one from them.
 */
public final class KafkaDestination implements Destination {
  private static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;
  private static final int TIMEOUT_SECONDS = 15;
  private static final int ASK_AGAIN_MILLIS = 100;

  private final String servers;
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Manifest.@Nullable Output manifest;
  private final ExpectedEnds ends = new ExpectedEnds();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * A destination.
   *
   * @param manifest where to note down every record, null to note nothing and keep nothing in mind
   */
  public KafkaDestination(String servers, String topic, Manifest.@Nullable Output manifest) {
    this.servers = servers;
    this.topic = topic;
    this.manifest = manifest;
    this.producer =
        new KafkaProducer<>(
            settings(servers), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Makes the topic when it is not there: records stay for ever however old their time, and a value
   * larger than an event may be still arrives, to become a dead letter.
   *
   * @throws IOException when Kafka does not answer or refuses
   */
  public static void prepareTopic(String servers, String topic, int partitions) throws IOException {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(
                Map.of(
                    "retention.ms", "-1", "max.message.bytes", Integer.toString(MAX_RECORD_BYTES)));
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                servers,
                "default.api.timeout.ms",
                TIMEOUT_SECONDS * 1_000,
                "request.timeout.ms",
                5_000))) {
      if (admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).contains(topic)) {
        return;
      }
      admin.createTopics(List.of(wanted)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      awaitLeaders(admin, topic, partitions);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (!(cause instanceof TopicExistsException)) {
        throw ProduceFailedException.kafka(servers, topic, cause);
      }
    } catch (KafkaException e) {
      throw ProduceFailedException.kafka(servers, topic, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw ProduceFailedException.kafka(
          servers, topic, new IOException("no answer within " + TIMEOUT_SECONDS + " s", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProduceFailedException.kafka(servers, topic, e);
    }
  }

  /**
   * Waits until the leader of every partition answers. Before, a broker may refuse our first
   * request and take the second, and then never takes the first again (KAFKA-15591).
   */
  private static void awaitLeaders(Admin admin, String topic, int partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    long begin = System.nanoTime();
    while (true) {
      try {
        admin.listOffsets(ends).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException e) {
        // A broker that is busy may not have heard of its new topic yet.
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
    }
  }

  /** What the producer runs with, for benchmarks that bring their own. */
  public static Map<String, Object> settings(String servers) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        servers,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.BATCH_SIZE_CONFIG,
        256 * 1024,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        64L * 1024 * 1024,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        MAX_RECORD_BYTES,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        60_000,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        TIMEOUT_SECONDS * 1_000);
  }

  @Override
  public void send(Outgoing record) throws IOException {
    stopOnFailure();
    try {
      Future<RecordMetadata> stored =
          producer.send(
              new ProducerRecord<>(topic, record.key(), record.value()),
              (metadata, exception) -> {
                if (exception == null) {
                  acknowledged.incrementAndGet();
                } else {
                  failure.compareAndSet(null, exception);
                }
              });
      if (manifest != null) {
        pending.add(new Pending(record.value(), stored));
        while (!pending.isEmpty() && pending.peek().stored.isDone()) {
          note(pending.remove(), manifest);
        }
      }
    } catch (RuntimeException e) {
      throw ProduceFailedException.kafka(servers, topic, e);
    }
  }

  @Override
  public void finish() throws IOException {
    producer.flush();
    stopOnFailure();
    if (manifest != null) {
      while (!pending.isEmpty()) {
        note(pending.remove(), manifest);
      }
    }
  }

  private void note(Pending sent, Manifest.Output output) throws IOException {
    try {
      RecordMetadata place = sent.stored.get();
      output.write(
          ends.next(
              sent.value,
              new Provenance.Kafka(
                  place.topic(), place.partition(), place.offset(), place.timestamp())));
    } catch (ExecutionException e) {
      throw ProduceFailedException.kafka(servers, topic, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ProduceFailedException.kafka(servers, topic, e);
    }
  }

  private void stopOnFailure() throws IOException {
    Exception first = failure.get();
    if (first != null) {
      throw ProduceFailedException.kafka(servers, topic, first);
    }
  }

  @Override
  public long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public long refused() {
    return 0;
  }

  @Override
  public void close() {
    producer.close(java.time.Duration.ofSeconds(TIMEOUT_SECONDS));
  }

  private record Pending(byte[] value, Future<RecordMetadata> stored) {
    @SuppressWarnings("ArrayRecordComponent")
    private Pending {}
  }
}
