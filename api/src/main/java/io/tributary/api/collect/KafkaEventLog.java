package io.tributary.api.collect;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to a Kafka topic: acknowledged by all in-sync replicas, idempotent. The producer is made
 * on first use and made again after it failed for good, so that neither a broker that is away at
 * the start nor one that forgot us needs a restart.
 */
public final class KafkaEventLog implements EventLog, Managed {
  private static final Logger log = LoggerFactory.getLogger(KafkaEventLog.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Map<String, Object> settings;
  private final String topic;
  private final Duration patience;
  private @Nullable Producer<String, byte[]> producer;
  private boolean stopped;

  /**
   * A log whose producer has these settings.
   *
   * @param patience how long an append may take in all
   */
  public KafkaEventLog(Map<String, Object> settings, String topic, Duration patience) {
    this.settings = Map.copyOf(settings);
    this.topic = topic;
    this.patience = patience;
  }

  @Override
  public void append(List<LogRecord> records) throws AppendFailedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    Producer<String, byte[]> open = open();
    NeverSent neverSent = new NeverSent(Thread.currentThread());
    try {
      for (LogRecord each : records) {
        if (System.nanoTime() > deadline) {
          throw failed(AppendFailedException.Kind.UNAVAILABLE, "Kafka is too slow", sent, null);
        }
        Future<RecordMetadata> future =
            open.send(
                new ProducerRecord<>(topic, null, each.timestampMillis(), each.key(), each.value()),
                neverSent);
        Exception reason = neverSent.reason;
        if (reason != null) {
          AppendFailedException.Kind kind =
              reason instanceof BufferExhaustedException
                  ? AppendFailedException.Kind.OVERLOADED
                  : AppendFailedException.Kind.UNAVAILABLE;
          discardIfBroken(open, reason);
          throw failed(kind, reason(reason), sent, reason);
        }
        sent.add(future);
      }
      for (Future<RecordMetadata> each : sent) {
        each.get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException refused) {
      Throwable cause = refused.getCause() == null ? refused : refused.getCause();
      discardIfBroken(open, cause);
      throw failed(AppendFailedException.Kind.UNAVAILABLE, reason(cause), sent, cause);
    } catch (TimeoutException late) {
      throw failed(
          AppendFailedException.Kind.UNAVAILABLE, "Kafka did not acknowledge in time", sent, late);
    } catch (InterruptedException | InterruptException interrupted) {
      Thread.currentThread().interrupt();
      throw failed(
          AppendFailedException.Kind.UNAVAILABLE, "the API is stopping", sent, interrupted);
    } catch (KafkaException | IllegalStateException failure) {
      discardIfBroken(open, failure);
      throw failed(AppendFailedException.Kind.UNAVAILABLE, reason(failure), sent, failure);
    }
  }

  /**
   * Lets the producer learn where the topic's partitions are, so that the first request is fast.
   */
  public void warmUp() throws AppendFailedException {
    open().partitionsFor(topic);
  }

  private synchronized Producer<String, byte[]> open() throws AppendFailedException {
    if (stopped) {
      throw failed(AppendFailedException.Kind.UNAVAILABLE, "the API is stopping", List.of(), null);
    }
    if (producer == null) {
      try {
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
      } catch (KafkaException unreachable) {
        throw failed(
            AppendFailedException.Kind.UNAVAILABLE, reason(unreachable), List.of(), unreachable);
      }
    }
    return producer;
  }

  /** A producer that failed with what is neither a time-out nor retriable may never work again. */
  private synchronized void discardIfBroken(Producer<String, byte[]> used, Throwable cause) {
    boolean broken =
        cause instanceof IllegalStateException
            || cause instanceof org.apache.kafka.common.errors.ProducerFencedException
            || cause instanceof org.apache.kafka.common.errors.OutOfOrderSequenceException
            || cause instanceof org.apache.kafka.common.errors.InvalidProducerEpochException
            || cause.getClass() == KafkaException.class;
    if (broken && producer == used) {
      log.warn("Making a new Kafka producer: {}", cause.toString());
      producer = null;
      used.close(Duration.ZERO);
    }
  }

  private static AppendFailedException failed(
      AppendFailedException.Kind kind,
      String reason,
      List<Future<RecordMetadata>> sent,
      @Nullable Throwable cause) {
    int acknowledged = 0;
    int unknown = 0;
    for (Future<RecordMetadata> each : sent) {
      if (!each.isDone()) {
        unknown++;
      } else if (isAcknowledged(each)) {
        acknowledged++;
      } else {
        unknown++;
      }
    }
    return new AppendFailedException(kind, reason, acknowledged, unknown, cause);
  }

  private static boolean isAcknowledged(Future<RecordMetadata> done) {
    try {
      done.get(0, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException notStored) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String reason(Throwable cause) {
    if (cause instanceof BufferExhaustedException) {
      return "too much waits for Kafka already";
    }
    if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
      return "Kafka did not acknowledge in time";
    }
    return "Kafka refused (%s)".formatted(cause.getClass().getSimpleName());
  }

  /** Sends what waits, then closes. */
  @Override
  public void stop() {
    Producer<String, byte[]> last;
    synchronized (this) {
      stopped = true;
      last = producer;
      producer = null;
    }
    if (last != null) {
      last.close(CLOSE_TIMEOUT);
    }
  }

  /**
   * Hears of records that did not even enter the producer's buffer: of them alone the producer
   * tells on the thread that sends. They are not stored for certain.
   */
  private static final class NeverSent implements Callback {
    private final Thread sender;
    private volatile @Nullable Exception reason;

    NeverSent(Thread sender) {
      this.sender = sender;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata stored, @Nullable Exception failure) {
      if (failure != null && Thread.currentThread() == sender) {
        reason = failure;
      }
    }
  }
}
