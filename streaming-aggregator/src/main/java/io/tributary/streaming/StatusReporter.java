package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka once a second how far its topics reach, and tells the index where the queries stand.
 * On two threads, so that a silent Elasticsearch does not make the ends old.
 */
final class StatusReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);
  private static final long EVERY_MILLIS = 1_000;

  private final List<QueryStatus> queries;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final Clock clock;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          runnable -> {
            Thread thread = new Thread(runnable, "status");
            thread.setDaemon(true);
            return thread;
          });
  private boolean kafkaSilent;
  private boolean indexSilent;

  StatusReporter(
      List<QueryStatus> queries,
      KafkaTopics topics,
      IndexAdministration administration,
      Clock clock) {
    this.queries = queries;
    this.topics = topics;
    this.administration = administration;
    this.clock = clock;
  }

  void start() {
    threads.scheduleWithFixedDelay(this::askKafka, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(
        this::tellIndex, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void askKafka() {
    Instant askedAt = clock.instant();
    try {
      KafkaTopics.Ends ends = topics.ends();
      queries.forEach(query -> query.ends(ends, askedAt));
      kafkaSilent = false;
    } catch (UnavailableException | RuntimeException e) {
      if (!kafkaSilent) {
        LOG.warn("Lag is unknown until Kafka answers: {}", e.getMessage());
      }
      kafkaSilent = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellIndex() {
    try {
      for (QueryStatus query : queries) {
        Instant now = clock.instant();
        administration.putStatus(query.query(), StatusDocument.of(query.view(now), now));
      }
      indexSilent = false;
    } catch (IOException | RuntimeException e) {
      if (!indexSilent) {
        LOG.warn(
            "The status in the index is not renewed until Elasticsearch answers: {}",
            e.getMessage());
      }
      indexSilent = true;
    }
  }

  /** Tells a last time, so that the status says that the job has stopped. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    tellIndex();
  }
}
