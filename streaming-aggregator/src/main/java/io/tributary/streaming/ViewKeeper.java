package io.tributary.streaming;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.Audit;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.audit.Positions;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.failure.RootCause;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.TableLog;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the hours that were written to with the index, again and again, and mends the index: a
 * document that somebody deleted, added or changed, and the loser of two events with one id that
 * the index met first. An hour is compared until all that was written to it is judged, also by a
 * later job. Where something was missing, the whole day is compared next. Every difference is an
 * alarm, mended or not. An index that was wiped is not compared before it is filled: the hours
 * wait.
 */
final class ViewKeeper implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(ViewKeeper.class);

  /** Comparing takes a twentieth of the time, unless that made it five times too rare. */
  private static final int SHARE = 19;

  private static final int LATEST = 5;

  /** So many hours are compared in a turn, half of them the newest; the others keep their place. */
  private static final int HOURS_A_TURN = 24;

  /**
   * So many commits back a start looks for hours that were written to; older ones are for audit,
   * unless the job before has named them.
   */
  private static final long MOST_COMMITS_BEHIND = 5_000;

  /** A lake of more was there before the first comparison. */
  private static final long MOST_COMMITS_BEFORE = 1_000;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final LongSupplier eventsVersion;
  private final JobMetrics metrics;
  private final Engine engine;
  private final ViewLedger ledger;
  private final ViewAlarms alarms;
  private final OurIndex index;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  private @Nullable WaitingHours waiting;
  private boolean failing;

  /** Why nothing was compared in the last turn; null when something was. */
  private @Nullable String waitsBecause;

  /**
   * @param eventsVersion the newest version of {@code events}; negative before there is one
   */
  ViewKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexAdministration administration,
      IndexPositions positions,
      LongSupplier eventsVersion,
      JobMetrics metrics,
      FatalErrors errors,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.administration = administration;
    this.eventsVersion = eventsVersion;
    this.metrics = metrics;
    this.engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
    this.index = new OurIndex(administration, positions, configuration.fields());
    this.alarms = new ViewAlarms(metrics);
    this.ledger = new ViewLedger(engine, configuration.lake().root(), clock);
    this.thread = new Thread(errors.watching("view-keeper", this::run), "view-keeper");
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  private void run() {
    SparkSessions.useThread(spark, "view-keeper");
    spark.sparkContext().setJobGroup("view-keeper", "compares the index with the lake", true);
    long every = configuration.audit().every().toMillis();
    long pause = every;
    try {
      while (!stopping.await(pause, TimeUnit.MILLISECONDS)) {
        long start = System.nanoTime();
        turn();
        long took = (System.nanoTime() - start) / 1_000_000;
        pause = Math.max(every, Math.min(SHARE * took, LATEST * every));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() {
    try {
      compare();
      failing = false;
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (stopping.getCount() > 0 && !failing) {
        LOG.warn(
            "Cannot compare the index with the lake: {}. The next turn tries again.",
            RootCause.line(e));
      }
      failing = true;
    }
  }

  private void compare() throws IOException {
    long newest = eventsVersion.getAsLong();
    if (newest < 0) {
      return;
    }
    WaitingHours line = waiting(newest);
    new TouchedHours(
            TableLog.of(
                configuration.lake().root(),
                LakeLayout.EVENTS,
                spark.sparkContext().hadoopConfiguration()))
        .putInto(line, newest);
    metrics.hoursWaiting(line.size());
    // Also of hours that only wait: this may last, and the next job has to know them.
    ledger.record(line.position());
    try {
      compare(line, index.now());
      waitsBecause = null;
    } catch (IndexNotOursException e) {
      waitForIndex(line, String.valueOf(e.getMessage()));
    } finally {
      ledger.record(line.position());
      metrics.hoursWaiting(line.size());
    }
  }

  private void compare(WaitingHours line, StillOurs ours) throws IOException {
    List<Instant> hours = line.next(HOURS_A_TURN);
    if (hours.isEmpty()) {
      return;
    }
    JudgedOffsets judged =
        Positions.judged(
            engine,
            spark.sparkContext().hadoopConfiguration(),
            configuration.lake().root(),
            administration);
    Audit audit = audit(ours);
    new ViewTurn(
            line,
            ours,
            run -> audit.run(order(run, judged)),
            remedy(),
            report -> tell(report, line),
            metrics,
            () -> stopping.getCount() == 0)
        .run(hours);
  }

  /** All that a wiped index had would be missing, and be an alarm. */
  private void waitForIndex(WaitingHours line, String reason) {
    if (!reason.equals(waitsBecause)) {
      LOG.info("Nothing is compared now. {} {} hours wait.", reason, line.size());
    }
    waitsBecause = reason;
  }

  /** Those that wait; at the start, those that the job before has left. */
  private WaitingHours waiting(long newest) {
    WaitingHours known = waiting;
    if (known == null) {
      ViewPosition left = ledger.position();
      ViewPosition begin =
          left.equals(ViewPosition.START) && newest > MOST_COMMITS_BEFORE
              // Years of a lake that was never compared are for the audit job: the indices of old
              // days may have been deleted on purpose.
              ? new ViewPosition(newest, List.of())
              : left.atMostBehind(newest, MOST_COMMITS_BEHIND);
      if (left.equals(ViewPosition.START) && begin.eventsVersion() > left.eventsVersion()) {
        LOG.info(
            "The index is compared with the lake from version {} of events on; scripts/backfill-jobs audit compares what is older",
            newest);
      } else if (begin.eventsVersion() > left.eventsVersion()) {
        LOG.warn(
            "The index was compared with the lake up to version {} of events, more than {} commits ago: hours written to up to version {} are left out. scripts/backfill-jobs audit compares them.",
            left.eventsVersion(),
            MOST_COMMITS_BEHIND,
            begin.eventsVersion());
      }
      known = WaitingHours.at(begin);
      waiting = known;
    }
    return known;
  }

  private AuditOrder order(List<Instant> hours, JudgedOffsets judged) {
    Instant end = hours.get(hours.size() - 1).plus(1, ChronoUnit.HOURS);
    return new AuditOrder(
        AuditOrder.wholeHours(hours.get(0), end), judged, AuditOrder.Closeness.DIGESTS, remedy());
  }

  private AuditOrder.Remedy remedy() {
    return configuration.audit().repair() ? AuditOrder.Remedy.REPAIRED : AuditOrder.Remedy.NAMED;
  }

  private Audit audit(StillOurs ours) {
    String root = configuration.lake().root();
    return new Audit(
        spark,
        engine,
        configuration.index().settings(),
        root,
        configuration.fields(),
        new Reindex(
            spark,
            configuration.index().settings(),
            configuration.fields(),
            root + "/_index_refusals"),
        new IndexLetters(spark, engine, root),
        ours);
  }

  /** A turn may last minutes: what was mended is not found again by the job after a kill. */
  private void tell(AuditReport report, WaitingHours line) {
    alarms.raise(report);
    ledger.note(report);
    ledger.recordIfDue(line.position());
  }

  @Override
  public void close() {
    stopping.countDown();
    spark.sparkContext().cancelJobGroup("view-keeper");
    try {
      thread.join(configuration.stopTimeout().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
