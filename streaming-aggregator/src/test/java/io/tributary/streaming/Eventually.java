package io.tributary.streaming;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what a job does in its own time. */
final class Eventually {
  /** Only a test that fails takes so long. */
  private static final Duration AT_MOST = Duration.ofSeconds(150);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private Eventually() {}

  /** Until it holds; what is thrown on the way does not hold yet. */
  static void eventually(ThrowingRunnable assertion) {
    await().atMost(AT_MOST).pollInterval(LOOK_EVERY).ignoreExceptions().untilAsserted(assertion);
  }
}
