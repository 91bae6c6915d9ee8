package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport.ComparedHour;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** The differences found so far, by the start of their hour. */
final class Tallies {
  private final TreeMap<Long, Tally> byHour = new TreeMap<>(Comparator.reverseOrder());

  Tally of(long start) {
    return byHour.computeIfAbsent(start, absent -> new Tally());
  }

  List<HourFinding> findings(TreeMap<Long, ComparedHour> hours) {
    return of(hours, tally -> !tally.isEmpty(), Tally::of);
  }

  /** Those alone of which a repair was begun. */
  List<HourFinding> repaired(TreeMap<Long, ComparedHour> hours) {
    return of(hours, Tally::isRepaired, Tally::repairedOf);
  }

  private List<HourFinding> of(
      TreeMap<Long, ComparedHour> hours,
      Predicate<Tally> wanted,
      BiFunction<Tally, ComparedHour, HourFinding> finding) {
    return byHour.entrySet().stream()
        .filter(tally -> wanted.test(tally.getValue()))
        .map(
            tally ->
                finding.apply(
                    tally.getValue(),
                    hours.getOrDefault(
                        tally.getKey(),
                        new ComparedHour(
                            Comparison.instant(tally.getKey()),
                            RangeDigest.NONE,
                            RangeDigest.NONE,
                            RangeDigest.NONE,
                            0))))
        .toList();
  }
}
