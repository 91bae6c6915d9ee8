package io.tributary.streaming;

import io.tributary.lake.table.FencedException;
import io.tributary.lake.table.LakeTableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a query running: after a failure it starts again where its target stands, first soon, then
 * ever later. Each query has its own, so that one's trouble is never the other's.
 */
final class QuerySupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySupervisor.class);

  private final SupervisedQuery query;
  private final BatchGate gate;
  private final StreamingConfiguration.Retry retry;
  private final Thread thread;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  /** Null while the query is being started. */
  private volatile @Nullable StreamingQuery running;

  private boolean beginAnew;

  QuerySupervisor(SupervisedQuery query, BatchGate gate, StreamingConfiguration.Retry retry) {
    this.query = query;
    this.gate = gate;
    this.retry = retry;
    this.thread = new Thread(this::supervise, query.status().query() + "-supervisor");
  }

  void start() {
    thread.start();
  }

  /** Completed when the query has stopped for good: with why it gave up, empty when it was told. */
  CompletableFuture<Optional<String>> end() {
    return end;
  }

  QueryStatus status() {
    return query.status();
  }

  /**
   * Starts the query anew where its target stands, because what it reads has changed.
   *
   * @return false when it is being started; then nothing is done
   */
  synchronized boolean restart() throws TimeoutException {
    StreamingQuery started = running;
    if (started == null) {
      return false;
    }
    beginAnew = true;
    // Still locked: were the next one started meanwhile, it would be stopped as if for good.
    started.stop();
    return true;
  }

  private synchronized void starting() {
    running = null;
    beginAnew = false;
  }

  private synchronized boolean isToBeginAnew() {
    return beginAnew;
  }

  private void supervise() {
    String fatal = "it ended by an error of the virtual machine, see the log";
    try {
      fatal = superviseUntilTheEnd();
    } catch (Error e) {
      // Too little memory, a class that is missing: nothing to try again. The job has to end.
      LOG.error("{} query stopped by an error:", query.status().query(), e);
      fatal = String.valueOf(e);
    } finally {
      query.status().stopped(fatal);
      query.close();
      end.complete(Optional.ofNullable(fatal));
    }
  }

  private @Nullable String superviseUntilTheEnd() {
    Duration pause = retry.first();
    boolean first = true;
    while (stopping.getCount() > 0) {
      starting();
      try {
        StreamingQuery started = query.start();
        running = started;
        if (stopping.getCount() == 0) {
          // Told while it was being started, when there was nothing to stop yet.
          started.stop();
          return null;
        }
        started.awaitTermination();
        if (!isToBeginAnew()) {
          return null;
        }
      } catch (TimeoutException e) {
        LOG.warn("The {} query did not stop in time: {}", query.status().query(), e.getMessage());
        return null;
      } catch (LakeTableException | GapPolicy.GapException e) {
        return gaveUp(String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        return null;
      } catch (Exception | FSError e) {
        // Everything: Spark throws checked exceptions that it does not declare, and Hadoop an error
        // when a local disk is full.
        if (stopping.getCount() == 0) {
          return null;
        }
        Optional<FencedException> fenced = FailureReason.within(e, FencedException.class);
        if (fenced.isPresent()) {
          return gaveUp(String.valueOf(fenced.get().getMessage()));
        }
        if (query.status().hasProgressed()) {
          pause = retry.first();
          first = true;
        }
        String why = FailureReason.of(e);
        query.status().retrying(why);
        LOG.warn(
            "{} query failed: {} Trying again in {} s.",
            query.status().query(),
            why,
            pause.toMillis() / 1000.0);
        if (first && FailureReason.explained(e).isEmpty()) {
          LOG.warn("The failure in full, once:", e);
        }
        first = false;
        if (sleptThrough(pause)) {
          return null;
        }
        pause = min(pause.multipliedBy(2), retry.longest());
      }
    }
    return null;
  }

  private String gaveUp(String why) {
    LOG.error("{} query stopped: {}", query.status().query(), why);
    return why;
  }

  private static Duration min(Duration left, Duration right) {
    return left.compareTo(right) < 0 ? left : right;
  }

  private boolean sleptThrough(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Finishes the running batch and stops the query. */
  void stop(Duration patience) {
    stopping.countDown();
    try {
      if (!gate.close(patience)) {
        LOG.warn(
            "The running batch of the {} query took longer than stop-timeout ({} s) and is cut off; the next start writes it again",
            query.status().query(),
            patience.toSeconds());
      }
      StreamingQuery started = running;
      if (started != null) {
        started.stop();
      }
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("The {} query did not stop in time: {}", query.status().query(), e.getMessage());
    }
  }
}
