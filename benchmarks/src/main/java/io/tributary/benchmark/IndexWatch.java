package io.tributary.benchmark;

import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Finds when each event became countable, by nothing but the API's count. It keeps a frontier below
 * which all events are countable. Every look asks how many lie between the frontier and the newest
 * sent; if c do, it asks for the first c of them, and only when the answer is c again, these very
 * events are countable: a range of c events that counts c. An event that overtook another waits for
 * it, and the time is that of the second answer: rounded up, never down.
 */
final class IndexWatch implements Callable<long[]> {
  private static final long LOOK_EVERY_NANOS = 50_000_000;

  private final CountApi api;
  private final PacedSender sender;
  private final long deadlineNanos;

  /**
   * @param deadlineNanos until when all must be countable, by {@link System#nanoTime()}
   */
  IndexWatch(CountApi api, PacedSender sender, long deadlineNanos) {
    this.api = api;
    this.sender = sender;
    this.deadlineNanos = deadlineNanos;
  }

  /** Watches to the end: when each event was seen countable, by {@link System#nanoTime()}. */
  @Override
  public long[] call() throws InterruptedException, BenchmarkFailedException {
    long[] countable = new long[sender.events()];
    int frontier = 0;
    while (frontier < countable.length) {
      long look = System.nanoTime();
      int more = newlyCountable(frontier, sender.sent());
      long seen = System.nanoTime();
      for (int number = frontier; number < frontier + more; number++) {
        countable[number] = seen;
      }
      frontier += more;
      if (seen > deadlineNanos) {
        throw new BenchmarkFailedException(
            "Cannot measure: event %d of %d was never countable (unanswered questions: %d %s). See the logs of the streaming job and of the API."
                .formatted(frontier, countable.length, api.unanswered(), api.lastProblem()));
      }
      TimeUnit.NANOSECONDS.sleep(Math.max(0, look + LOOK_EVERY_NANOS - System.nanoTime()));
    }
    return countable;
  }

  private int newlyCountable(int frontier, int sent)
      throws InterruptedException, BenchmarkFailedException {
    int asked = sent - frontier;
    while (asked > 0) {
      OptionalInt answer = api.count(sender.time(frontier), sender.time(frontier + asked));
      if (answer.isEmpty()) {
        // Not countable as long as nobody answers: the events only become older.
        return 0;
      }
      int counted = answer.getAsInt();
      if (counted > asked) {
        throw new BenchmarkFailedException(
            "The figure does not count: the API counts %d events where %d were sent."
                .formatted(counted, asked));
      }
      if (counted == asked) {
        return asked;
      }
      asked = counted;
    }
    return 0;
  }
}
