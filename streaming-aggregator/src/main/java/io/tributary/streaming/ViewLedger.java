package io.tributary.streaming;

import com.google.common.base.Throwables;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.table.LedgerRow;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Engine engine;
  private final String lakeRoot;
  private final Clock clock;
  private final List<LedgerRow> rows = new ArrayList<>();

  /** The position as the ledger has it. */
  private Optional<String> recorded = Optional.empty();

  /** Whether what was added says that something was mended: it would not be found again. */
  private boolean mended;

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

  /** Has a comparison written with the next ones. */
  void add(AuditReport report) {
    Instant now = clock.instant();
    for (AuditReport.ComparedHour hour : report.hours()) {
      rows.add(
          LedgerRow.hour(
              now, null, WRITER, hour.hour(), hour.lake(), hour.index(), hour.refused().count()));
    }
    for (HourFinding finding : report.findings()) {
      mended = true;
      rows.add(
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
   * Writes what was added, with the position. Without rows the position alone is written once it
   * has moved far: what waits is not to be forgotten because nothing was compared for long. A long
   * position is written only then, too, or when something was mended.
   */
  void write(ViewPosition position) {
    try {
      if (position.eventsVersion() - version(recorded) >= MOST_COMMITS_UNRECORDED
          || mended
          || (!rows.isEmpty() && position.hours().size() <= WaitingHours.MOST_WRITTEN_DOWN)) {
        write(position.json());
      } else if (!rows.isEmpty()) {
        open().append(rows);
        clear();
      }
    } catch (RuntimeException e) {
      // A start compares these hours again, which does no harm.
      ledger = null;
      clear();
      LOG.warn(
          "Cannot write the compared hours into the ledger: {}. The next turn writes its own.",
          Throwables.getRootCause(e).toString().lines().findFirst().orElse(""));
    }
  }

  private void write(String reached) {
    if (!add(reached)) {
      // Another job writes, too. Ours knows all that it has touched, and so does theirs.
      recorded = open().position(WRITER);
      if (!add(reached)) {
        return;
      }
    }
    recorded = Optional.of(reached);
    clear();
  }

  private void clear() {
    rows.clear();
    mended = false;
  }

  private boolean add(String reached) {
    return rows.isEmpty()
        ? open().advance(WRITER, recorded, reached)
        : open().append(rows, WRITER, recorded, reached);
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
