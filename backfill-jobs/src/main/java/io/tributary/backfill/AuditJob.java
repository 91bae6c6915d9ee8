package io.tributary.backfill;

import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.Audit;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditOrder.Closeness;
import io.tributary.lake.audit.AuditOrder.Remedy;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.audit.Positions;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.Owed;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.table.LedgerRow;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the index with the lake and, if ordered, makes it equal. */
record AuditJob(TimeRange range, Closeness closeness, Remedy remedy) implements Job {
  private static final int MOST_LINES = 200;

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public Map<String, Object> arguments() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("from", Times.from(range));
    arguments.put("to", Times.to(range));
    arguments.put("contents", closeness == Closeness.CONTENTS);
    arguments.put("repair", remedy == Remedy.REPAIRED);
    return arguments;
  }

  @Override
  public Outcome plan(Workplace workplace) throws IOException {
    JudgedOffsets judged = judged(workplace);
    AuditReport report = compare(workplace, judged, Remedy.NAMED);
    List<String> lines = new ArrayList<>(lines(report, judged));
    lines.add(
        remedy == Remedy.REPAIRED
            ? "A repair would write %d documents and delete %d. Nothing was touched."
                .formatted(
                    report.counts().getOrDefault(Difference.Kind.MISSING, 0L)
                        + report.counts().getOrDefault(Difference.Kind.ALTERED, 0L),
                    report.counts().getOrDefault(Difference.Kind.EXTRA, 0L))
            : "Nothing was touched.");
    return new Outcome(Outcome.State.DONE, lines, figures(report, judged));
  }

  @Override
  public Outcome run(Workplace workplace) throws IOException, StoppedException {
    JudgedOffsets judged = judged(workplace);
    AuditReport report = compare(workplace, judged, remedy);
    // Also when told to stop: what is repaired is not found again.
    record(workplace, report);
    workplace.stopIfTold("start it again: what is repaired stays so");
    return new Outcome(
        isClean(report, judged) ? Outcome.State.DONE : Outcome.State.DIFFERENCES,
        lines(report, judged),
        figures(report, judged));
  }

  /** Rows that are on their way are no difference, but only if it is known that they are. */
  private static boolean isClean(AuditReport report, JudgedOffsets judged) {
    return report.remaining().isEmpty()
        && report.notCompared().isEmpty()
        && (judged.certainty() == JudgedOffsets.Certainty.KNOWN || report.notJudged() == 0);
  }

  private static JudgedOffsets judged(Workplace workplace) throws IOException {
    try (IndexAdministration administration = workplace.administration()) {
      return Positions.judged(
          workplace.engine(),
          workplace.spark().sparkContext().hadoopConfiguration(),
          workplace.lakeRoot(),
          administration);
    }
  }

  private AuditReport compare(Workplace workplace, JudgedOffsets judged, Remedy wanted)
      throws IOException {
    if (wanted == Remedy.REPAIRED) {
      workplace.installTemplates();
    }
    return new Audit(
            workplace.spark(),
            workplace.engine(),
            workplace.configuration().index().settings(),
            workplace.lakeRoot(),
            workplace.configuration().fields(),
            workplace.reindex(),
            workplace.letters(),
            new Templated(workplace))
        .run(new AuditOrder(range, judged, closeness, wanted));
  }

  private static void record(Workplace workplace, AuditReport report) {
    Instant now = workplace.clock().instant();
    List<LedgerRow> rows = new ArrayList<>();
    for (AuditReport.ComparedHour hour : report.hours()) {
      rows.add(
          LedgerRow.hour(
              now,
              workplace.run(),
              "audit",
              hour.hour(),
              hour.lake(),
              hour.index(),
              hour.refused().count()));
    }
    for (HourFinding finding : report.findings()) {
      if (finding.written() + finding.deleted() + finding.refused() > 0) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("deleted", finding.deleted());
        finding.counts().forEach((kind, count) -> detail.put(kind.code(), count));
        rows.add(
            LedgerRow.repair(
                now,
                workplace.run(),
                "audit",
                finding.hour(),
                finding.written(),
                finding.refused(),
                detail));
      }
    }
    Ledger.open(workplace.engine(), workplace.lakeRoot()).append(rows);
  }

  private static List<String> lines(AuditReport report, JudgedOffsets judged) {
    List<String> lines = new ArrayList<>();
    for (HourFinding finding : report.findings()) {
      lines.add(
          "%s: lake %d, index %d, refused %d: %s"
              .formatted(
                  finding.hour(),
                  finding.lake().count(),
                  finding.index().count(),
                  finding.rejected(),
                  counts(finding.counts())));
      finding.named().stream()
          .limit(Math.max(0, MOST_LINES - lines.size()))
          .forEach(
              difference ->
                  lines.add("  %s %s".formatted(difference.kind().code(), difference.eventId())));
    }
    lines.add(
        "Compared %d hours at version %d: lake %d events, index %d documents, %s."
            .formatted(
                report.hours().size(),
                report.version(),
                report.lake().count(),
                report.index().count(),
                verdict(report)));
    if (report.written() + report.deleted() > 0) {
      lines.add("Wrote %d documents, deleted %d.".formatted(report.written(), report.deleted()));
    }
    lines.addAll(leftOut(report, judged));
    if (!report.findings().isEmpty() && report.remaining().isEmpty()) {
      lines.add("Compared again: no difference is left.");
    }
    return lines;
  }

  /** What was not judged or not compared, with the reason. */
  private static List<String> leftOut(AuditReport report, JudgedOffsets judged) {
    List<String> lines = new ArrayList<>();
    if (!judged.owed().isEmpty()) {
      lines.add(
          "Not judged, because their documents are owed and on record as that: %s. The streaming job fills them; reindex does it now."
              .formatted(
                  judged.owed().stream().map(Owed::describe).collect(Collectors.joining("; "))));
    }
    if (report.notJudged() > 0) {
      lines.add(
          "Not judged: %d rows, %s."
              .formatted(
                  report.notJudged(),
                  judged.certainty() == JudgedOffsets.Certainty.KNOWN
                      ? "whose documents are on their way or owed. Audit again when the index query has caught up"
                      : "at offsets that the index query has not reached, some of them perhaps old: the log of events does not tell where it is. Let it catch up, then audit again"));
    }
    report
        .notCompared()
        .forEach(hour -> lines.add("%s: not compared: %s".formatted(hour.hour(), hour.reason())));
    return lines;
  }

  private static String counts(Map<Difference.Kind, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(count -> "%d %s".formatted(count.getValue(), count.getKey().code()))
        .collect(Collectors.joining(", "));
  }

  private static String verdict(AuditReport report) {
    if (!report.findings().isEmpty()) {
      return counts(report.counts());
    }
    return report.notJudged() == 0 && report.notCompared().isEmpty()
        ? "no difference"
        : "no difference in what could be judged";
  }

  private static Map<String, Object> figures(AuditReport report, JudgedOffsets judged) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("events_version", report.version());
    figures.put("judged_until", judged.until().byTopic());
    figures.put("not_judged", judged.owed().stream().map(Owed::describe).toList());
    figures.put("not_judged_rows", report.notJudged());
    figures.put(
        "not_compared",
        report.notCompared().stream()
            .map(hour -> Map.of("hour", hour.hour().toString(), "reason", hour.reason()))
            .toList());
    figures.put("hours", report.hours().size());
    figures.put("lake", digest(report.lake()));
    figures.put("index", digest(report.index()));
    for (Difference.Kind kind : Difference.Kind.values()) {
      figures.put(kind.code(), report.counts().getOrDefault(kind, 0L));
    }
    figures.put("written", report.written());
    figures.put("deleted", report.deleted());
    figures.put("remaining_hours", report.remaining().stream().map(Instant::toString).toList());
    figures.put("findings", report.findings().stream().map(AuditJob::finding).toList());
    return figures;
  }

  private static Map<String, Object> digest(RangeDigest digest) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("count", digest.count());
    parts.put("d0", digest.d0());
    parts.put("d1", digest.d1());
    parts.put("d2", digest.d2());
    return parts;
  }

  private static Map<String, Object> finding(HourFinding finding) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("hour", finding.hour().toString());
    figures.put("lake", digest(finding.lake()));
    figures.put("index", digest(finding.index()));
    figures.put("index_rejected", finding.rejected());
    finding.counts().forEach((kind, count) -> figures.put(kind.code(), count));
    figures.put("written", finding.written());
    figures.put("deleted", finding.deleted());
    figures.put("refused", finding.refused());
    figures.put(
        "differences",
        finding.named().stream()
            .map(
                difference ->
                    Map.of(
                        "kind", difference.kind().code(),
                        "event_id", difference.eventId(),
                        "day", difference.day().toString()))
            .toList());
    return figures;
  }

  /** An index that nobody takes from this job: whoever wipes it has the streaming job fill it. */
  private record Templated(Workplace workplace) implements StillOurs {
    @Override
    public void require() {}

    @Override
    public Map<String, String> foreign() throws IOException {
      try (IndexAdministration administration = workplace.administration()) {
        return administration.foreignEvents(workplace.configuration().fields());
      }
    }
  }
}
