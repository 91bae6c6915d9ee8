package io.tributary.streaming;

import com.google.common.base.Throwables;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.Audit;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.audit.Positions;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.TableLog;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the hours that were written to lately with the index, again and again, and mends the
 * index: a document that somebody deleted, added or changed, and the loser of two events with one
 * id that the index met first. Where something was missing, the whole day is compared next. Every
 * difference is an alarm, mended or not.
 */
final class ViewKeeper implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(ViewKeeper.class);

  /** Comparing takes a twentieth of the time, unless that made it five times too rare. */
  private static final int SHARE = 19;

  private static final int LATEST = 5;

  /** So many hours are compared in a turn, the newest; the others wait for the next. */
  private static final int HOURS_A_TURN = 24;

  private static final int HOURS_A_DAY = 24;
  private static final int IDS_LOGGED = 10;
  private static final Pattern HOUR =
      Pattern.compile("year=(\\d+)/month=(\\d+)/day=(\\d+)/hour=(\\d+)/");

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final LongSupplier eventsVersion;
  private final Consumer<LedgerRow> ledger;
  private final JobMetrics metrics;
  private final Clock clock;
  private final Engine engine;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "view-keeper");
  private final TreeSet<Instant> touched = new TreeSet<>();

  /** Touched in the last turn: the index may have been on its way there. */
  private final TreeSet<Instant> justTouched = new TreeSet<>();

  /** Hours of days in which something was missing. */
  private final TreeSet<Instant> daysToLookAt = new TreeSet<>();

  private long looked = -1;
  private boolean failing;

  ViewKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexAdministration administration,
      LongSupplier eventsVersion,
      Consumer<LedgerRow> ledger,
      JobMetrics metrics,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.administration = administration;
    this.eventsVersion = eventsVersion;
    this.ledger = ledger;
    this.metrics = metrics;
    this.clock = clock;
    this.engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
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
            Throwables.getRootCause(e).toString().lines().findFirst().orElse(""));
      }
      failing = true;
    }
  }

  private void compare() throws IOException {
    noteTouched();
    List<Instant> hours = touched.descendingSet().stream().limit(HOURS_A_TURN).sorted().toList();
    if (hours.isEmpty()) {
      return;
    }
    JudgedOffsets judged =
        Positions.judged(
            engine,
            spark.sparkContext().hadoopConfiguration(),
            configuration.lake().root(),
            administration);
    Audit audit = audit();
    for (TimeRange range : Hours.runs(hours)) {
      report(
          audit.run(
              new AuditOrder(
                  range,
                  judged,
                  AuditOrder.Closeness.DIGESTS,
                  configuration.audit().repair()
                      ? AuditOrder.Remedy.REPAIRED
                      : AuditOrder.Remedy.NAMED)));
    }
    touched.removeAll(hours);
    touched.addAll(daysToLookAt);
    daysToLookAt.clear();
  }

  /** An hour is compared once more after it was touched last: by then both sides are past it. */
  private void noteTouched() throws IOException {
    touched.addAll(justTouched);
    justTouched.clear();
    long newest = eventsVersion.getAsLong();
    if (looked < 0) {
      // What was written before this start is for the audit job.
      looked = newest;
      return;
    }
    if (newest > looked) {
      TableLog log =
          TableLog.of(
              configuration.lake().root(),
              LakeLayout.EVENTS,
              spark.sparkContext().hadoopConfiguration());
      for (String file : log.changes(looked, newest).added()) {
        Matcher hour = HOUR.matcher(file);
        if (hour.find()) {
          justTouched.add(
              LocalDateTime.of(
                      Integer.parseInt(hour.group(1)),
                      Integer.parseInt(hour.group(2)),
                      Integer.parseInt(hour.group(3)),
                      Integer.parseInt(hour.group(4)),
                      0)
                  .toInstant(ZoneOffset.UTC));
        }
      }
      looked = newest;
    }
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
        new IndexLetters(spark, engine, root));
  }

  private void report(AuditReport report) {
    Instant now = clock.instant();
    report
        .hours()
        .forEach(
            hour ->
                ledger.accept(
                    LedgerRow.hour(
                        now,
                        null,
                        "view",
                        hour.hour(),
                        hour.lake(),
                        hour.index(),
                        hour.refused().count())));
    for (HourFinding finding : report.findings()) {
      if (finding.written() > 0) {
        lookAtWholeDay(finding.hour());
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
              .map(ViewKeeper::name)
              .collect(Collectors.joining(", ")));
      ledger.accept(
          LedgerRow.repair(
              now,
              null,
              "view",
              finding.hour(),
              finding.written(),
              finding.refused(),
              Map.of(
                  "counts",
                  finding.counts(),
                  "deleted",
                  finding.deleted(),
                  "named",
                  finding.named().stream().map(ViewKeeper::name).toList())));
    }
  }

  /** What is missing in one hour may be missing in all of the day: its index was deleted. */
  private void lookAtWholeDay(Instant hour) {
    Instant day = hour.truncatedTo(ChronoUnit.DAYS);
    for (int i = 0; i < HOURS_A_DAY; i++) {
      daysToLookAt.add(day.plus(i, ChronoUnit.HOURS));
    }
    daysToLookAt.remove(hour);
  }

  private static String name(Difference difference) {
    return "%s %s of %s"
        .formatted(difference.kind().code(), difference.eventId(), difference.day());
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
  private static final class Hours {
    private Hours() {}

    static List<TimeRange> runs(List<Instant> sorted) {
      List<TimeRange> runs = new ArrayList<>();
      Instant begin = sorted.get(0);
      Instant end = begin;
      for (Instant hour : sorted) {
        if (hour.isAfter(end)) {
          runs.add(AuditOrder.wholeHours(begin, end));
          begin = hour;
        }
        end = hour.plus(1, ChronoUnit.HOURS);
      }
      runs.add(AuditOrder.wholeHours(begin, end));
      return runs;
    }
  }
}
