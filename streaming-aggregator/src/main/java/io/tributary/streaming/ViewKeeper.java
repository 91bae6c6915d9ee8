package io.tributary.streaming;

import com.google.common.base.Throwables;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.Audit;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.audit.Positions;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.TableLog;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
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
 * alarm, mended or not.
 */
final class ViewKeeper implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(ViewKeeper.class);

  /** Comparing takes a twentieth of the time, unless that made it five times too rare. */
  private static final int SHARE = 19;

  private static final int LATEST = 5;

  /** So many hours are compared in a turn; the others keep their place in line. */
  private static final int HOURS_A_TURN = 24;

  /**
   * So many commits back a start looks for hours that were written to; older ones are for audit.
   */
  private static final long MOST_COMMITS_BEHIND = 5_000;

  /** A lake of more was there before the first comparison. */
  private static final long MOST_COMMITS_BEFORE = 1_000;

  private static final int HOURS_A_DAY = 24;
  private static final int IDS_LOGGED = 10;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final LongSupplier eventsVersion;
  private final JobMetrics metrics;
  private final Engine engine;
  private final ViewLedger ledger;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "view-keeper");
  private final Set<Instant> failingHours = new HashSet<>();

  private @Nullable WaitingHours waiting;
  private boolean failing;

  /**
   * @param eventsVersion the newest version of {@code events}; negative before there is one
   */
  ViewKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexAdministration administration,
      LongSupplier eventsVersion,
      JobMetrics metrics,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.administration = administration;
    this.eventsVersion = eventsVersion;
    this.metrics = metrics;
    this.engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
    this.ledger = new ViewLedger(engine, configuration.lake().root(), clock);
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
            "Cannot compare the index with the lake: {}. The next turn tries again.", reason(e));
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
    if (Positions.isBegunAnew(administration)) {
      // All of it would be missing, and be an alarm. The hours wait.
      return;
    }
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
    try {
      for (List<Instant> run : HoursInARow.of(hours)) {
        compare(run, judged, line);
      }
    } finally {
      ledger.write(line.position());
      metrics.hoursWaiting(line.size());
    }
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

  /** Compares hours in a row together, and each by itself where that fails. */
  private void compare(List<Instant> hours, JudgedOffsets judged, WaitingHours line) {
    Instant end = hours.get(hours.size() - 1).plus(1, ChronoUnit.HOURS);
    try {
      AuditReport report =
          audit()
              .run(
                  new AuditOrder(
                      AuditOrder.wholeHours(hours.get(0), end),
                      judged,
                      AuditOrder.Closeness.DIGESTS,
                      configuration.audit().repair()
                          ? AuditOrder.Remedy.REPAIRED
                          : AuditOrder.Remedy.NAMED));
      settle(hours, report, line);
      report(report, line);
    } catch (UncheckedIOException e) {
      // Elasticsearch does not answer: it would not for the others either. Theirs is the next turn.
      hours.forEach(line::postponed);
      throw e;
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full.
      if (stopping.getCount() == 0 || hours.size() == 1) {
        hours.forEach(hour -> postpone(hour, reason(e), line));
      } else {
        hours.forEach(hour -> compare(List.of(hour), judged, line));
      }
    }
  }

  /** Lets the hours go of which every row was judged. */
  private void settle(List<Instant> hours, AuditReport report, WaitingHours line) {
    Map<Instant, String> notCompared = new HashMap<>();
    report.notCompared().forEach(hour -> notCompared.put(hour.hour(), hour.reason()));
    Set<Instant> open =
        report.hours().stream()
            .filter(hour -> hour.notJudged() > 0)
            .map(AuditReport.ComparedHour::hour)
            .collect(Collectors.toSet());
    for (Instant hour : hours) {
      String reason = notCompared.get(hour);
      if (reason != null) {
        postpone(hour, reason, line);
        continue;
      }
      failingHours.remove(hour);
      if (open.contains(hour)) {
        line.postponed(hour);
      } else {
        line.judged(hour, report.version());
      }
    }
  }

  private void postpone(Instant hour, String reason, WaitingHours line) {
    if (stopping.getCount() == 0) {
      return;
    }
    line.postponed(hour);
    metrics.comparisonFailed();
    if (failingHours.add(hour)) {
      LOG.warn(
          "Cannot compare the hour of {} with the index: {}. The others are compared; this one is tried again after them.",
          hour,
          reason);
    }
  }

  private static String reason(Throwable failure) {
    return Throwables.getRootCause(failure).toString().lines().findFirst().orElse("");
  }

  private Audit audit() {
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
        () -> {});
  }

  private void report(AuditReport report, WaitingHours line) {
    ledger.add(report);
    for (HourFinding finding : report.findings()) {
      if (finding.written() > 0) {
        lookAtWholeDay(finding.hour(), report.version(), line);
      }
      finding.counts().forEach((kind, count) -> metrics.difference(kind.code(), count));
      LOG.error(
          "The index is not what the lake says in the hour of {}: {}; {} documents written, {} deleted; first: {}. The lake is right. Find out who writes to the index beside this job.",
          finding.hour(),
          finding.counts(),
          finding.written(),
          finding.deleted(),
          finding.named().stream()
              .limit(IDS_LOGGED)
              .map(ViewLedger::spelled)
              .collect(Collectors.joining(", ")));
    }
  }

  /** What is missing in one hour may be missing in all of the day: its index was deleted. */
  private static void lookAtWholeDay(Instant hour, long version, WaitingHours line) {
    Instant day = hour.truncatedTo(ChronoUnit.DAYS);
    for (int i = 0; i < HOURS_A_DAY; i++) {
      Instant other = day.plus(i, ChronoUnit.HOURS);
      if (!other.equals(hour)) {
        line.touched(other, version);
      }
    }
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

  /** Hours in a row, put together. */
  private static final class HoursInARow {
    private HoursInARow() {}

    static List<List<Instant>> of(List<Instant> sorted) {
      List<List<Instant>> runs = new ArrayList<>();
      Instant next = Instant.MIN;
      for (Instant hour : sorted) {
        if (!hour.equals(next)) {
          runs.add(new ArrayList<>());
        }
        runs.get(runs.size() - 1).add(hour);
        next = hour.plus(1, ChronoUnit.HOURS);
      }
      return runs;
    }
  }
}
