package io.tributary.streaming;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The order in which the hours of a debt are filled, over as many passes as it takes: newest first.
 * An hour that takes no documents (its day's index is closed, say) keeps no older one from it. The
 * others of its day are left for the next pass, and there its day is tried after all others. When
 * some days in a row take nothing it is hardly they: the pass is over.
 *
 * <p>Hours are the epoch seconds of their starts.
 */
final class HoursToFill {
  static final int MOST_DAYS_IN_A_ROW = 3;

  private static final long DAY_SECONDS = 86_400;

  /** Since this job began; what an earlier one filled is not asked for. */
  private final Set<Long> filled = new HashSet<>();

  /** The days that took no documents when they were last tried. */
  private final Set<Long> failedDays = new HashSet<>();

  private final Deque<Long> waiting = new ArrayDeque<>();
  private List<Long> newestFirst = List.of();
  private int filledDownTo;
  private int failedInARow;

  /**
   * Begins a pass.
   *
   * @param hours all that are owed and not said to be filled
   */
  void begin(List<Long> hours) {
    newestFirst = hours.stream().sorted(Comparator.reverseOrder()).toList();
    filledDownTo = 0;
    failedInARow = 0;
    waiting.clear();
    List<Long> ofFailedDays = new ArrayList<>();
    for (long hour : newestFirst) {
      if (!filled.contains(hour)) {
        (failedDays.contains(day(hour)) ? ofFailedDays : waiting).add(hour);
      }
    }
    waiting.addAll(ofFailedDays);
  }

  /** The hour to fill now; empty at the end of the pass. */
  OptionalLong next() {
    return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waiting.getFirst());
  }

  /**
   * The hour that was {@link #next} is filled.
   *
   * @return down to where every hour is filled now; empty when that has not changed
   */
  OptionalLong filled() {
    long hour = waiting.removeFirst();
    filled.add(hour);
    failedDays.remove(day(hour));
    failedInARow = 0;
    int before = filledDownTo;
    while (filledDownTo < newestFirst.size() && filled.contains(newestFirst.get(filledDownTo))) {
      filledDownTo++;
    }
    return filledDownTo == before
        ? OptionalLong.empty()
        : OptionalLong.of(newestFirst.get(filledDownTo - 1));
  }

  /** The hour that was {@link #next} took no documents. */
  void failed() {
    long day = day(waiting.removeFirst());
    failedDays.add(day);
    failedInARow++;
    if (failedInARow == MOST_DAYS_IN_A_ROW) {
      waiting.clear();
    } else {
      waiting.removeIf(hour -> day(hour) == day);
    }
  }

  /** Whether every hour of the last pass is filled. */
  boolean isDone() {
    return filled.containsAll(newestFirst);
  }

  private static long day(long hour) {
    return Math.floorDiv(hour, DAY_SECONDS);
  }
}
