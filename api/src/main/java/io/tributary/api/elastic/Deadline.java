package io.tributary.api.elastic;

import java.time.Duration;

/** A point in time that all steps of one question share. */
final class Deadline {
  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left, never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(atNanos - System.nanoTime(), 0));
  }

  /** This one, or one so far from now, whichever comes first. */
  Deadline within(Duration duration) {
    Deadline other = in(duration);
    return other.atNanos - atNanos < 0 ? other : this;
  }
}
