package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka once a second how far its topics reach, and tells the index where the queries stand.
 * On two threads, so that a silent Elasticsearch does not make the ends old.
 */
final class StatusReporter implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);
  private static final long EVERY_MILLIS = 1_000;

  private final List<Reported> queries;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final Target target;
  private final FatalErrors errors;
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
      List<Reported> queries,
      KafkaTopics topics,
      IndexAdministration administration,
      Target target,
      FatalErrors errors,
      Clock clock) {
    this.queries = queries;
    this.topics = topics;
    this.administration = administration;
    this.target = target;
    this.errors = errors;
    this.clock = clock;
  }

  @Override
  public void start() {
    threads.scheduleWithFixedDelay(
        errors.watching("status of Kafka", this::askKafka), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(
        errors.watching("status", this::tellIndex),
        EVERY_MILLIS,
        EVERY_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private void askKafka() {
    Instant askedAt = clock.instant();
    try {
      KafkaTopics.Ends ends = topics.ends();
      for (Reported query : queries) {
        if (!query.status().ends(ends, askedAt)) {
          LOG.warn(
              "A topic was deleted and made again: the {} query starts anew",
              query.status().query());
          query.restart().run();
        }
      }
      kafkaSilent = false;
    } catch (UnavailableException | TimeoutException | RuntimeException e) {
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
      if (!target.isAsLeft()) {
        return;
      }
      administration.status().prepare();
      for (Reported query : queries) {
        Instant now = clock.instant();
        administration
            .status()
            .put(query.status().query(), StatusDocument.of(query.status().view(now), now));
      }
      Seam.passed(Step.STATUS_WRITTEN, 0);
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

  /**
   * A query that is reported on.
   *
   * @param restart starts it anew, because its topics are others than they were
   */
  record Reported(QueryStatus status, Restart restart) {}

  /** The index that is told. */
  interface Target {
    /**
     * Whether it is as the running index query left it. One that was wiped is told nothing before
     * the query has begun anew: that it runs and has everything would be untrue.
     */
    boolean isAsLeft() throws IOException;
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
