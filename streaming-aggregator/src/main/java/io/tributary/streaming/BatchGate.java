package io.tributary.streaming;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a stop wait for the running batch and keeps the next one from starting. */
final class BatchGate {
  private final ReentrantLock running = new ReentrantLock(true);

  /** Runs a batch; waits for ever once the gate is closed, until the query is interrupted. */
  void run(Runnable batch) {
    try {
      running.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
    try {
      batch.run();
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

  /** The query was told to stop before a batch began. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("The query was stopped before the batch began");
    }
  }
}
