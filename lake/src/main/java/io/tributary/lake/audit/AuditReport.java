package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an audit found.
 *
 * @param version of {@code events} that was compared
 * @param hours every hour that was compared, in order
 * @param findings the hours with differences, newest first
 * @param remaining hours that still differ after the repair, or with differences and not repaired
 * @param notCompared hours that could not be compared, in order
 */
public record AuditReport(
    long version,
    List<ComparedHour> hours,
    List<HourFinding> findings,
    List<Instant> remaining,
    List<NotCompared> notCompared) {

  public AuditReport {
    hours = List.copyOf(hours);
    findings = List.copyOf(findings);
    remaining = List.copyOf(remaining);
    notCompared = List.copyOf(notCompared);
  }

  /** This report, with what another comparison of the mended hours has left. */
  AuditReport leaving(AuditReport again) {
    Map<Instant, NotCompared> both = new TreeMap<>();
    notCompared.forEach(hour -> both.put(hour.hour(), hour));
    again.notCompared.forEach(hour -> both.putIfAbsent(hour.hour(), hour));
    return new AuditReport(version, hours, findings, again.remaining, List.copyOf(both.values()));
  }

  /** This report, when the mended hours could not be compared again. */
  AuditReport notLookedAtAgain(String reason) {
    Map<Instant, NotCompared> all = new TreeMap<>();
    findings.forEach(
        finding ->
            all.put(
                finding.hour(),
                new NotCompared(
                    finding.hour(), "it was mended, but not compared again: " + reason)));
    notCompared.forEach(hour -> all.put(hour.hour(), hour));
    return new AuditReport(version, hours, findings, remaining, List.copyOf(all.values()));
  }

  /** How many differences of each kind; kinds without any are left out. */
  public Map<Difference.Kind, Long> counts() {
    Map<Difference.Kind, Long> counts = new TreeMap<>();
    findings.forEach(
        finding -> finding.counts().forEach((kind, count) -> counts.merge(kind, count, Long::sum)));
    return counts;
  }

  /** How many differences of all kinds. */
  public long differences() {
    return findings.stream().mapToLong(HourFinding::differences).sum();
  }

  /** Documents made or replaced. */
  public long written() {
    return findings.stream().mapToLong(HourFinding::written).sum();
  }

  /** Documents deleted. */
  public long deleted() {
    return findings.stream().mapToLong(HourFinding::deleted).sum();
  }

  /** How many rows were left out, because their documents are on their way or owed. */
  public long notJudged() {
    return hours.stream().mapToLong(ComparedHour::notJudged).sum();
  }

  /** What the lake has, over all hours. */
  public RangeDigest lake() {
    return hours.stream().map(ComparedHour::lake).reduce(RangeDigest.NONE, RangeDigest::plus);
  }

  /** What the index had, over all hours. */
  public RangeDigest index() {
    return hours.stream().map(ComparedHour::index).reduce(RangeDigest.NONE, RangeDigest::plus);
  }

  /**
   * An hour as it was compared.
   *
   * @param lake the rows that were judged
   * @param refused the part of the lake's rows whose documents were refused, as letters say
   * @param notJudged rows that were left out, because their documents are on their way or owed
   */
  public record ComparedHour(
      Instant hour, RangeDigest lake, RangeDigest index, RangeDigest refused, long notJudged) {
    /** Whether the index has what it should have. */
    public boolean agrees() {
      return lake.equals(index) || lake.minus(refused).equals(index);
    }
  }

  /**
   * An hour that could not be compared.
   *
   * @param reason and remedy, for people
   */
  public record NotCompared(Instant hour, String reason) {}
}
