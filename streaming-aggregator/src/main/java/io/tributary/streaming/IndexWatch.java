package io.tributary.streaming;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the index still says where the index query stands, and starts the
 * query anew when it does not. The query itself looks only before a batch, and a stream may be
 * silent for hours after its index was wiped.
 */
final class IndexWatch implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(IndexWatch.class);
  private static final long EVERY_MILLIS = 1_000;

  private final QueryStatus status;
  private final IndexPositions positions;
  private final Restart restart;
  private final Runnable turn;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "index-watch");
            thread.setDaemon(true);
            return thread;
          });

  /** After which beginning of the query a loss was acted upon; each is acted upon once. */
  private long restartedAfter = -1;

  /**
   * @param status of the index query
   */
  IndexWatch(QueryStatus status, IndexPositions positions, Restart restart, FatalErrors errors) {
    this.status = status;
    this.positions = positions;
    this.restart = restart;
    this.turn = errors.watching("index-watch", this::look);
  }

  @Override
  public void start() {
    thread.scheduleWithFixedDelay(turn, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void look() {
    try {
      long begun = positions.begun();
      // One that failed starts anew by itself. One that was told to may take long to begin: Kafka
      // may be down.
      if (begun != restartedAfter
          && status.isStarted()
          && positions.isLost()
          // One that is still being started would go on from what is lost: the next look stops it.
          && restart.run()) {
        LOG.warn(
            "The index does not say what this job left there: it was wiped, or another job writes"
                + " to it; the {} query starts anew",
            status.query());
        restartedAfter = begun;
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Whether the index was wiped is unknown until Elasticsearch answers", e);
    } catch (TimeoutException e) {
      LOG.warn("The {} query did not stop in time: {}", status.query(), e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
