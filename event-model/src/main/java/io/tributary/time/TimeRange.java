package io.tributary.time;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;

/** The half-open range of times [startMicros, endMicros), in microseconds since the epoch, UTC. */
public record TimeRange(long startMicros, long endMicros) {
  /** Throws {@link IllegalArgumentException} when the start lies after the end. */
  public TimeRange {
    if (startMicros > endMicros) {
      throw new IllegalArgumentException(
          "Invalid time range: it starts at %d and ends before, at %d (microseconds)."
              .formatted(startMicros, endMicros));
    }
  }

  /** Whether no time lies in it. */
  public boolean isEmpty() {
    return startMicros == endMicros;
  }

  /** Whether the time lies in it. */
  public boolean contains(long micros) {
    return startMicros <= micros && micros < endMicros;
  }

  /** How many UTC days it touches; ask this before {@link #days()} when the range is a user's. */
  public long dayCount() {
    return isEmpty() ? 0 : lastDay() - firstDay() + 1;
  }

  /** The UTC days it touches, in order; none when it is empty. */
  public List<LocalDate> days() {
    if (isEmpty()) {
      return List.of();
    }
    return LongStream.rangeClosed(firstDay(), lastDay()).mapToObj(LocalDate::ofEpochDay).toList();
  }

  private long firstDay() {
    return Math.floorDiv(startMicros, Timestamps.MICROS_PER_DAY);
  }

  private long lastDay() {
    return Math.floorDiv(endMicros - 1, Timestamps.MICROS_PER_DAY);
  }
}
