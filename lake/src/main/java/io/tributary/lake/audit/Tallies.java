package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport.ComparedHour;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The differences found so far, by the start of their hour. */
final class Tallies {
  private final TreeMap<Long, Tally> byHour = new TreeMap<>(Comparator.reverseOrder());

  Tally of(long start) {
    return byHour.computeIfAbsent(start, absent -> new Tally());
  }

  List<HourFinding> findings(TreeMap<Long, ComparedHour> hours) {
    return byHour.entrySet().stream()
        .filter(tally -> !tally.getValue().isEmpty())
        .map(
            tally ->
                tally
                    .getValue()
                    .of(
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
