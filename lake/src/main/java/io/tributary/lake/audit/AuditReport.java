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
 */
public record AuditReport(
    long version, List<ComparedHour> hours, List<HourFinding> findings, List<Instant> remaining) {

  public AuditReport {
    hours = List.copyOf(hours);
    findings = List.copyOf(findings);
    remaining = List.copyOf(remaining);
  }

  /** This report, with other hours remaining. */
  AuditReport leaving(List<Instant> hoursLeft) {
    return new AuditReport(version, hours, findings, hoursLeft);
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

  /** What both sides have, over all hours. */
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
   * @param refused the part of the lake's rows whose documents were refused, as letters say
   */
  public record ComparedHour(
      Instant hour, RangeDigest lake, RangeDigest index, RangeDigest refused) {
    /** Whether the index has what it should have. */
    public boolean agrees() {
      return lake.equals(index) || lake.minus(refused).equals(index);
    }
  }
}
