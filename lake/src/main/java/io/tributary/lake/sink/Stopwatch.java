package io.tributary.lake.sink;

import java.util.LinkedHashMap;
import java.util.Map;

/** How long each step of a batch took. */
final class Stopwatch {
  private final Map<String, Long> laps = new LinkedHashMap<>();
  private long last = System.nanoTime();

  /** Ends a step; the next one begins. */
  void lap(String name) {
    long now = System.nanoTime();
    laps.put(name, (now - last) / 1_000_000);
    last = now;
  }

  /** Milliseconds by step, in their order. */
  Map<String, Long> laps() {
    return laps;
  }
}
