package io.tributary.streaming;

import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of finished batches: to the status, the metrics and, one line each, the log. */
final class BatchLog {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLog.class);

  private final JobMetrics metrics;

  BatchLog(JobMetrics metrics) {
    this.metrics = metrics;
  }

  void done(QueryStatus status, BatchReport report, List<OffsetRange> ranges, Instant now) {
    status.batch(report, ranges, now);
    metrics.batch(report);
    LOG.info("{}", report.line(status.view(now)));
  }
}
