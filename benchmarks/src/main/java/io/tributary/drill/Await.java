package io.tributary.drill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for conditions, never for times. */
final class Await {
  private static final long LOOK_EVERY_MILLIS = 25;

  private Await() {}

  /** Something that may be true; what it throws ends the waiting. */
  @FunctionalInterface
  interface Condition {
    /** Whether it is. */
    boolean holds() throws Exception;
  }

  /** Waits until it holds; false when it does not in time. */
  static boolean holds(Duration limit, Condition condition)
      throws InterruptedException, DrillFailedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (condition.holds()) {
          return true;
        }
      } catch (InterruptedException | DrillFailedException e) {
        throw e;
      } catch (Exception e) {
        throw new DrillFailedException("Cannot go on: " + e, e);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
    return false;
  }

  /**
   * Waits until it holds.
   *
   * @param what it is, for the message when it does not
   */
  static void until(String what, Duration limit, Condition condition)
      throws InterruptedException, DrillFailedException {
    if (!holds(limit, condition)) {
      throw new DrillFailedException(
          "Waited %d s in vain for %s. See the logs.".formatted(limit.toSeconds(), what));
    }
  }
}
