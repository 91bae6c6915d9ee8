package io.tributary.streaming;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Hours in a row, put together: one comparison of them costs less than many. */
final class HoursInARow {
  private final Set<Instant> left;
  private final Predicate<Instant> alone;

  private HoursInARow(List<Instant> hours, Predicate<Instant> alone) {
    this.left = new LinkedHashSet<>(hours);
    this.alone = alone;
  }

  /**
   * The hours, in runs that are sorted; the runs in the order in which the first of their hours is
   * named.
   *
   * @param alone which ones are not put together with others
   */
  static List<List<Instant>> of(List<Instant> hours, Predicate<Instant> alone) {
    HoursInARow rows = new HoursInARow(hours, alone);
    List<List<Instant>> runs = new ArrayList<>();
    for (Instant hour : hours) {
      if (rows.left.remove(hour)) {
        runs.add(alone.test(hour) ? List.of(hour) : rows.around(hour));
      }
    }
    return runs;
  }

  private List<Instant> around(Instant hour) {
    Deque<Instant> run = new ArrayDeque<>(List.of(hour));
    Instant before = hour.minus(1, ChronoUnit.HOURS);
    while (joins(before)) {
      run.addFirst(before);
      before = before.minus(1, ChronoUnit.HOURS);
    }
    Instant after = hour.plus(1, ChronoUnit.HOURS);
    while (joins(after)) {
      run.addLast(after);
      after = after.plus(1, ChronoUnit.HOURS);
    }
    return List.copyOf(run);
  }

  private boolean joins(Instant hour) {
    return !alone.test(hour) && left.remove(hour);
  }
}
