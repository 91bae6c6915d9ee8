package io.tributary.streaming;

import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.failure.RootCause;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of the hours that wait: compares those whose turn it is, in their order, and lets go of
 * those of which every row was judged, and is as it should be by now. One that cannot be compared
 * keeps no other from it.
 */
final class ViewTurn {
  private static final Logger LOG = LoggerFactory.getLogger(ViewTurn.class);

  /** So many hours without an answer, each for minutes, end a turn: the next begins with others. */
  private static final int MOST_UNANSWERED = 3;

  private final WaitingHours line;
  private final StillOurs index;
  private final Comparer comparer;
  private final AuditOrder.Remedy remedy;
  private final Consumer<AuditReport> told;
  private final JobMetrics metrics;
  private final BooleanSupplier stopping;
  private int unanswered;

  /** Compares hours in a row. */
  interface Comparer {
    AuditReport compare(List<Instant> hours);
  }

  /**
   * @param index told whether Elasticsearch answers at all
   * @param remedy what the comparer does about differences
   * @param told takes every report, when the hours of it are back in line that have to be
   */
  ViewTurn(
      WaitingHours line,
      StillOurs index,
      Comparer comparer,
      AuditOrder.Remedy remedy,
      Consumer<AuditReport> told,
      JobMetrics metrics,
      BooleanSupplier stopping) {
    this.line = line;
    this.index = index;
    this.comparer = comparer;
    this.remedy = remedy;
    this.told = told;
    this.metrics = metrics;
    this.stopping = stopping;
  }

  /**
   * Compares.
   *
   * @throws IndexNotOursException when the index is not ours any more: the hours keep their place
   * @throws UncheckedIOException when Elasticsearch does not answer at all, or not for many hours
   */
  void run(List<Instant> hours) {
    compareEach(HoursInARow.of(hours, line::hasFailed));
  }

  /** Those that are left when the job stops keep their place. */
  private void compareEach(List<List<Instant>> runs) {
    for (List<Instant> run : runs) {
      if (stopping.getAsBoolean()) {
        return;
      }
      compare(run);
    }
  }

  /** Compares hours in a row together, and each by itself where that fails. */
  private void compare(List<Instant> hours) {
    try {
      AuditReport report = comparer.compare(hours);
      Optional<String> again = failedAgain(hours, report);
      if (again.isPresent()) {
        fail(hours.get(0), again.get());
        return;
      }
      settle(hours, report);
      told.accept(report);
    } catch (IndexNotOursException e) {
      throw e;
    } catch (UncheckedIOException e) {
      requireAnAnswer(hours);
      oneByOne(hours, e);
      if (hours.size() == 1 && ++unanswered >= MOST_UNANSWERED) {
        throw e;
      }
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full.
      oneByOne(hours, e);
    }
  }

  /**
   * Why an hour could not be compared that could not be before, and of which nothing was mended:
   * what was found of it was told then. Empty when there is something to tell.
   */
  private Optional<String> failedAgain(List<Instant> hours, AuditReport report) {
    return hours.size() > 1
            || !line.hasFailed(hours.get(0))
            || report.written() + report.deleted() > 0
        ? Optional.empty()
        : report.notCompared().stream()
            .filter(hour -> hour.hour().equals(hours.get(0)))
            .map(AuditReport.NotCompared::reason)
            .findFirst();
  }

  /** Where there is no answer at all there would be none for the other hours either. */
  private void requireAnAnswer(List<Instant> hours) {
    try {
      index.require();
    } catch (UncheckedIOException e) {
      hours.forEach(line::postponed);
      throw e;
    }
  }

  private void oneByOne(List<Instant> hours, Throwable failure) {
    if (hours.size() == 1) {
      fail(hours.get(0), RootCause.line(failure));
    } else {
      compareEach(hours.stream().map(List::of).toList());
    }
  }

  /** Lets the hours go of which every row was judged, but for those that could not be mended. */
  private void settle(List<Instant> hours, AuditReport report) {
    Map<Instant, String> notCompared = new HashMap<>();
    report.notCompared().forEach(hour -> notCompared.put(hour.hour(), hour.reason()));
    Set<Instant> open =
        report.hours().stream()
            .filter(hour -> hour.notJudged() > 0)
            .map(AuditReport.ComparedHour::hour)
            .collect(Collectors.toSet());
    open.addAll(notMended(report));
    for (Instant hour : hours) {
      String reason = notCompared.get(hour);
      if (reason != null) {
        fail(hour, reason);
      } else if (open.contains(hour)) {
        line.postponed(hour);
      } else {
        line.judged(hour, report.version());
      }
    }
    // What is missing in one hour may be missing in all of the day: its index was deleted. Of a
    // comparison that ended early nobody knows how much was written.
    report.findings().stream()
        .filter(finding -> finding.written() > 0 || notCompared.containsKey(finding.hour()))
        .map(HourFinding::hour)
        .forEach(hour -> line.restOfDay(hour, report.version()));
  }

  /**
   * Rows that are doubled in the lake are mended by nobody here, and those whose documents are
   * refused cannot be: their hours would never leave.
   */
  private Set<Instant> notMended(AuditReport report) {
    if (remedy == AuditOrder.Remedy.NAMED) {
      return Set.of();
    }
    Set<Instant> left = new HashSet<>(report.remaining());
    report.findings().stream()
        .filter(
            finding ->
                finding.refused() > 0
                    || finding.counts().keySet().equals(Set.of(Difference.Kind.DOUBLED)))
        .map(HourFinding::hour)
        .forEach(left::remove);
    return left;
  }

  private void fail(Instant hour, String reason) {
    if (stopping.getAsBoolean()) {
      return;
    }
    metrics.comparisonFailed();
    if (!line.hasFailed(hour)) {
      LOG.warn(
          "Cannot compare the hour of {} with the index: {}. The others are compared; this one is tried again after them.",
          hour,
          reason);
    }
    line.failed(hour);
  }
}
