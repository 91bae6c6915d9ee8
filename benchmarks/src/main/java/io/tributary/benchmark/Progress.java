package io.tributary.benchmark;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Watches files until a target holds the whole topic, at next to no cost for what it watches. */
interface Progress {
  long LOOK_EVERY_MILLIS = 50;

  /** When the target was complete, in ms since the epoch; empty when it is not yet. */
  OptionalLong completeAtMillis() throws IOException;

  /** Waits until the target is complete. */
  static long await(Progress progress, long deadlineMillis, String what)
      throws IOException, InterruptedException, BenchmarkFailedException {
    while (true) {
      OptionalLong complete = progress.completeAtMillis();
      if (complete.isPresent()) {
        return complete.getAsLong();
      }
      if (System.currentTimeMillis() > deadlineMillis) {
        throw new BenchmarkFailedException(
            "Cannot measure: %s was not complete in time. See the log of this run."
                .formatted(what));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }
}
