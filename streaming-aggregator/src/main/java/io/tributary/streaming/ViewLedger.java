package io.tributary.streaming;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.failure.RootCause;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.table.LedgerRow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was compared and mended, on its way into the ledger, and how far that is: both in one
 * commit, so that a job that is killed leaves the rest to the next one.
 *
 * <p>Not thread-safe.
 */
final class ViewLedger {
  private static final Logger LOG = LoggerFactory.getLogger(ViewLedger.class);

  /** Whose rows these are, and whose position the ledger keeps. */
  private static final String WRITER = "view";

  /**
   * So far the position may run ahead of what is on record; a start looks several times as far
   * back.
   */
  private static final long MOST_COMMITS_UNRECORDED = 1_000;

  /** Of so many hours what was found is kept while the ledger cannot be written. */
  static final int MOST_KEPT = 100;

  private final Engine engine;
  private final String lakeRoot;
  private final Clock clock;
  private final List<LedgerRow> hours = new ArrayList<>();
  private final List<LedgerRow> findings = new ArrayList<>();

  /** The position as the ledger has it. */
  private Optional<String> recorded = Optional.empty();

  /** Whether the last write failed. */
  private boolean failing;

  private @Nullable Ledger ledger;

  ViewLedger(Engine engine, String lakeRoot, Clock clock) {
    this.engine = engine;
    this.lakeRoot = lakeRoot;
    this.clock = clock;
  }

  /** How far the job before has come. */
  ViewPosition position() {
    recorded = open().position(WRITER);
    return recorded.map(ViewPosition::fromJson).orElse(ViewPosition.START);
  }

  /** Takes down what a comparison found, to be recorded with a position. */
  void note(AuditReport report) {
    Instant now = clock.instant();
    for (AuditReport.ComparedHour hour : report.hours()) {
      hours.add(
          LedgerRow.hour(
              now, null, WRITER, hour.hour(), hour.lake(), hour.index(), hour.refused().count()));
    }
    for (HourFinding finding : report.findings()) {
      findings.add(
          LedgerRow.repair(
              now,
              null,
              WRITER,
              finding.hour(),
              finding.written(),
              finding.refused(),
              Map.of(
                  "counts",
                  finding.counts(),
                  "deleted",
                  finding.deleted(),
                  "named",
                  finding.named().stream().map(ViewAlarms::spelled).toList())));
    }
  }

  /**
   * Records what was noted, with the position. A long position is recorded only when it is due.
   * When nothing was compared for long, it is: what waits is not to be forgotten.
   */
  void record(ViewPosition position) {
    if (isDue(position)
        || (!hours.isEmpty() && position.hours().size() <= WaitingHours.MOST_WRITTEN_DOWN)) {
      attempt(() -> commit(position.json()));
    } else if (!hours.isEmpty()) {
      attempt(
          () -> {
            open().append(hours);
            hours.clear();
          });
    }
  }

  /** The same if it can wait for nothing; compared hours alone can. */
  void recordIfDue(ViewPosition position) {
    if (isDue(position)) {
      attempt(() -> commit(position.json()));
    }
  }

  /**
   * What was found may be mended, and is not found again; and the hours that were asked for because
   * of it are in the position alone.
   */
  private boolean isDue(ViewPosition position) {
    return !findings.isEmpty()
        || position.eventsVersion() - version(recorded) >= MOST_COMMITS_UNRECORDED;
  }

  private void attempt(Runnable write) {
    try {
      write.run();
      failing = false;
    } catch (RuntimeException | FSError e) {
      // Compared hours that are not on record do no harm. What was found is tried again.
      ledger = null;
      hours.clear();
      int kept = Math.min(findings.size(), MOST_KEPT);
      if (!failing || kept < findings.size()) {
        LOG.warn(
            "Cannot write the compared hours into the ledger: {}. What was found in {} of them is written as soon as this can be; of {} more it is in this log alone.",
            RootCause.line(e),
            kept,
            findings.size() - kept);
      }
      findings.subList(kept, findings.size()).clear();
      failing = true;
    }
  }

  private void commit(String reached) {
    if (!commitAfter(recorded, reached)) {
      // Another job writes, too. Ours knows all that it has touched, and so does theirs.
      recorded = open().position(WRITER);
      if (!commitAfter(recorded, reached)) {
        return;
      }
    }
    recorded = Optional.of(reached);
    hours.clear();
    findings.clear();
  }

  /** False when the position on record is not the one before; then nothing is written. */
  private boolean commitAfter(Optional<String> before, String reached) {
    List<LedgerRow> rows = new ArrayList<>(hours);
    rows.addAll(findings);
    return rows.isEmpty()
        ? open().advance(WRITER, before, reached)
        : open().append(rows, WRITER, before, reached);
  }

  private static long version(Optional<String> position) {
    return position.map(ViewPosition::fromJson).orElse(ViewPosition.START).eventsVersion();
  }

  private Ledger open() {
    Ledger open = ledger;
    if (open == null) {
      open = Ledger.open(engine, lakeRoot);
      ledger = open;
    }
    return open;
  }
}
