package io.tributary.drill;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.produce.EventGenerator;
import io.tributary.produce.ExpectedEnds;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.KafkaDestination;
import io.tributary.produce.ManifestEntry;
import io.tributary.produce.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends known records on and on, also while Kafka is away: each is acknowledged by all replicas and
 * kept once, and it is known what has to become of it.
 */
final class Load implements AutoCloseable {
  private static final int SLICE_MILLIS = 50;
  private static final double DUPLICATES = 0.06;
  private static final double LATE = 0.01;
  private static final double MALFORMED = 0.04;
  private static final double WITHOUT_ID = 0.02;

  private final String topic;
  private final String servers;
  private final long seed;
  private final ExpectedEnds ends = new ExpectedEnds();
  private final List<SentRecord> sent = new ArrayList<>();
  private final Thread thread;
  private volatile KafkaProducer<byte[], byte[]> producer;
  private volatile EventGenerator generator;
  private volatile int generation;
  private volatile int perSecond;
  private volatile boolean paused = true;
  private volatile boolean idle;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  /**
   * A paused load.
   *
   * @param perSecond records a second while it is not paused
   */
  Load(String servers, String topic, long seed, int perSecond) {
    this.topic = topic;
    this.perSecond = perSecond;
    this.servers = servers;
    this.seed = seed;
    this.producer = producer(servers);
    this.generator = generator(seed, perSecond);
    thread = new Thread(this::run, "load");
    thread.setDaemon(true);
    thread.start();
  }

  private static KafkaProducer<byte[], byte[]> producer(String servers) {
    Map<String, Object> settings = new HashMap<>(KafkaDestination.settings(servers));
    // Longer than Kafka is away in any round: the producer itself sends again, once.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 600_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 600_000);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static EventGenerator generator(long seed, int perSecond) {
    return new EventGenerator(
        new GeneratorSettings(
            seed,
            System.currentTimeMillis() * 1_000L,
            1_000_000L / perSecond,
            DUPLICATES,
            LATE,
            MALFORMED,
            WITHOUT_ID));
  }

  private void run() {
    try {
      while (!closed) {
        if (paused) {
          idle = true;
          TimeUnit.MILLISECONDS.sleep(SLICE_MILLIS);
          continue;
        }
        idle = false;
        slice(Math.max(1, perSecond * SLICE_MILLIS / 1_000));
        TimeUnit.MILLISECONDS.sleep(SLICE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      failure = e;
    }
  }

  private void slice(int records) throws InterruptedException, ExecutionException {
    List<Outgoing> outgoing = new ArrayList<>();
    List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
    for (int record = 0; record < records; record++) {
      Outgoing next = generator.next().outgoing();
      outgoing.add(next);
      acknowledged.add(producer.send(new ProducerRecord<>(topic, next.key(), next.value())));
    }
    for (int record = 0; record < records; record++) {
      RecordMetadata place = acknowledged.get(record).get();
      SentRecord noted =
          new SentRecord(
              new SentRecord.Place(generation, place.partition(), place.offset()),
              place.timestamp(),
              withoutBallast(
                  ends.next(
                      outgoing.get(record).value(),
                      new Provenance.Kafka(
                          topic, place.partition(), place.offset(), place.timestamp()))));
      synchronized (sent) {
        sent.add(noted);
      }
    }
  }

  /** What all else is in the digest; all entries of an hour stay in memory. */
  private static ManifestEntry withoutBallast(ManifestEntry entry) {
    Event event = entry.event();
    return event == null
        ? entry
        : new ManifestEntry(
            entry.expectation(),
            new Event(event.eventId(), event.eventType(), event.tsMicros(), null, null, null),
            entry.digest());
  }

  /** Sends from now on. */
  void resume() {
    idle = false;
    paused = false;
  }

  /** Stops sending; comes back when Kafka has acknowledged all. */
  void pause() throws InterruptedException, DrillFailedException {
    paused = true;
    idle = false;
    Await.until("the load to pause", Duration.ofMinutes(2), () -> idle || failure != null);
    requireSending();
  }

  /**
   * From now on it sends to a topic that was made again, and other events: one that repeats an
   * event of the old topic would have to become a row or a duplicate depending on what of that was
   * read. The load must be paused.
   */
  void beginAnew(int newGeneration) {
    producer.close(Duration.ofSeconds(1));
    producer = producer(servers);
    generation = newGeneration;
    generator = generator(seed + 7_919L * newGeneration, perSecond);
  }

  /** Whether the records that are sent still arrive. */
  void requireSending() throws DrillFailedException {
    Exception why = failure;
    if (why != null) {
      throw new DrillFailedException("Cannot send to Kafka: " + why.getMessage(), why);
    }
  }

  /** All records that are acknowledged now, in the order of sending. */
  List<SentRecord> sent() {
    synchronized (sent) {
      return List.copyOf(sent);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    producer.close(Duration.ofSeconds(1));
  }
}
