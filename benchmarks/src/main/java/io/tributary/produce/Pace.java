package io.tributary.produce;

import java.util.concurrent.locks.LockSupport;

/** Lets records through at an even rate: each has its own moment, none comes in bursts. */
final class Pace {
  private final double nanosPerRecord;
  private final long start = System.nanoTime();
  private long passed;

  /**
   * A pace from now on.
   *
   * @param perSecond records per second, 0 for as fast as possible
   */
  Pace(double perSecond) {
    this.nanosPerRecord = perSecond == 0 ? 0 : 1e9 / perSecond;
  }

  /** Waits for the next record's moment. A producer that fell behind catches up. */
  void await() {
    if (nanosPerRecord == 0) {
      return;
    }
    long due = start + (long) (passed++ * nanosPerRecord);
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
