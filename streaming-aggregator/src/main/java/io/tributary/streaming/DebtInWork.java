package io.tributary.streaming;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far the filling of a debt has come since this job began, and when it is tried again after it
 * failed: each debt for itself, so that one's trouble is never the other's.
 */
final class DebtInWork {
  private final StreamingConfiguration.Retry retry;
  private final HoursToFill hours = new HoursToFill();
  private Duration pause;
  private long dueNanos;
  private long rows;
  private @Nullable String problem;
  private String lastProblem = "";

  /**
   * @param nowNanos by {@link System#nanoTime()}
   */
  DebtInWork(StreamingConfiguration.Retry retry, long nowNanos) {
    this.retry = retry;
    this.pause = retry.first();
    this.dueNanos = nowNanos;
  }

  HoursToFill hours() {
    return hours;
  }

  /** How many rows were written. */
  long rows() {
    return rows;
  }

  /** Why it does not get on; null while it does. */
  @Nullable String problem() {
    return problem;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - dueNanos >= 0;
  }

  /** An hour is filled: whatever fails next is tried again soon. */
  void progressed(long rowsOfHour) {
    rows += rowsOfHour;
    pause = retry.first();
    problem = null;
  }

  /**
   * A try failed; the next comes later from time to time.
   *
   * @return whether the reason is another one than that of the failure before
   */
  boolean failed(String why, long nowNanos) {
    boolean isNew = !why.equals(lastProblem);
    problem = why;
    lastProblem = why;
    dueNanos = nowNanos + pause.toNanos();
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(retry.longest()) < 0 ? doubled : retry.longest();
    return isNew;
  }
}
