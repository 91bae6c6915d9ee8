package io.tributary.streaming;

import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of every difference between the index and the lake, mended or not. */
record ViewAlarms(JobMetrics metrics) {
  private static final Logger LOG = LoggerFactory.getLogger(ViewAlarms.class);
  private static final int IDS_LOGGED = 10;

  void raise(AuditReport report) {
    for (HourFinding finding : report.findings()) {
      finding.counts().forEach((kind, count) -> metrics.difference(kind.code(), count));
      LOG.error(
          "The index is not what the lake says in the hour of {}: {}; {} documents written, {} deleted; first: {}. The lake is right. Find out who writes to the index beside this job.",
          finding.hour(),
          finding.counts(),
          finding.written(),
          finding.deleted(),
          finding.named().stream()
              .limit(IDS_LOGGED)
              .map(ViewAlarms::spelled)
              .collect(Collectors.joining(", ")));
    }
  }

  /** A difference for people and for the ledger. */
  static String spelled(Difference difference) {
    return "%s %s of %s"
        .formatted(difference.kind().code(), difference.eventId(), difference.day());
  }
}
