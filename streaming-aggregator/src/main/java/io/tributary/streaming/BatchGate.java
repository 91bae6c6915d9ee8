package io.tributary.streaming;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a stop wait for the running batch and keeps the next one from starting. */
final class BatchGate {
  private final ReentrantLock running = new ReentrantLock(true);

  /**
   * Runs a batch; waits for ever once the gate is closed, until the query is interrupted.
   *
   * @throws InterruptedException when the query was told to stop; Spark takes this one, and no
   *     other, for an end as it was ordered
   */
  void run(Runnable batch) throws InterruptedException {
    running.lockInterruptibly();
    try {
      batch.run();
    } catch (StoppedException e) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    } finally {
      running.unlock();
    }
  }

  /**
   * Waits for the running batch and lets no other in.
   *
   * @return false when the batch was still running after the time given
   */
  boolean close(Duration patience) throws InterruptedException {
    return running.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The query was told to stop while a batch waited for something. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("The query was stopped before the batch was done");
    }
  }
}
