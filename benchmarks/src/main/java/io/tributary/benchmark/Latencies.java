package io.tributary.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** How long events took, each of them. */
final class Latencies {
  private final long[] sortedMillis;

  private Latencies(long[] sortedMillis) {
    this.sortedMillis = sortedMillis;
  }

  /**
   * Of the events from one number to another.
   *
   * @param arrivedNanos when each arrived, by number
   */
  static Latencies of(PacedSender sender, long[] arrivedNanos, int from, int until) {
    long[] millis = new long[until - from];
    for (int number = from; number < until; number++) {
      // Rounded up.
      millis[number - from] =
          (arrivedNanos[number] - sender.sentNanos(number) + 999_999) / 1_000_000;
    }
    Arrays.sort(millis);
    return new Latencies(millis);
  }

  /** The time within which this share of all events arrived, in ms. */
  long percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedMillis.length);
    return sortedMillis[Math.max(1, rank) - 1];
  }

  long maximum() {
    return sortedMillis[sortedMillis.length - 1];
  }

  ObjectNode json() {
    return Json.object()
        .put("p50_ms", percentile(50))
        .put("p95_ms", percentile(95))
        .put("p99_ms", percentile(99))
        .put("max_ms", maximum());
  }

  String line() {
    return "p50 %,6d   p95 %,6d   p99 %,6d   max %,6d ms"
        .formatted(percentile(50), percentile(95), percentile(99), maximum());
  }
}
