package io.tributary.streaming;

import static org.apache.spark.sql.functions.col;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.Owed;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.StreamPosition;
import io.tributary.lake.table.StreamTable;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills what the index is owed from the lake, in the background, newest hours first: whoever looks
 * at a dashboard after an outage sees the last hours first. An hour that was filled before a stop
 * is not filled again unless a newer one still waits; to fill one twice would change nothing.
 */
final class IndexFill implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(IndexFill.class);
  private static final long LOOK_EVERY_MILLIS = 2_000;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexPositions positions;
  private final IndexChecks checks;
  private final QueryStatus status;
  private final Restart restart;
  private final Clock clock;
  private final Engine engine;
  private final Reindex reindex;
  private final IndexLetters letters;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private final Map<String, DebtInWork> inWork = new HashMap<>();

  /** How often the index had been made again when {@code inWork} was begun. */
  private long madeAgain;

  /**
   * @param status of the index query, which shows what is owed
   * @param restart of the index query, which makes an index again that is not ours
   * @param errors is told of an error that ends the filling
   */
  IndexFill(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexPositions positions,
      IndexChecks checks,
      QueryStatus status,
      Restart restart,
      FatalErrors errors,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.positions = positions;
    this.checks = checks;
    this.status = status;
    this.restart = restart;
    this.clock = clock;
    this.engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
    this.reindex =
        new Reindex(
            spark,
            configuration.index().settings(),
            configuration.fields(),
            configuration.lake().root() + "/_index_refusals");
    this.letters = new IndexLetters(spark, engine, configuration.lake().root());
    this.thread = new Thread(errors.watching("index-fill", this::run), "index-fill");
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  private void run() {
    SparkSessions.useThread(spark, "index-fill");
    spark.sparkContext().setJobGroup("index-fill", "fills what the index is owed", true);
    try {
      while (!stopping.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        forgetIfMadeAgain();
        for (Owed owed : positions.owed()) {
          DebtInWork work =
              inWork.computeIfAbsent(
                  owed.id(), id -> new DebtInWork(configuration.retry(), System.nanoTime()));
          if (work.isDue(System.nanoTime())) {
            fill(owed, work);
          }
        }
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was filled of an index that may have lost it is filled once more. */
  private void forgetIfMadeAgain() {
    long now = positions.madeAgain();
    if (now != madeAgain) {
      inWork.clear();
    }
    madeAgain = now;
  }

  private void fill(Owed owed, DebtInWork work) {
    try {
      // A wiped index has no templates: nothing is written before the query has begun anew.
      if (!positions.isOurs() || !lakeHas(owed)) {
        return;
      }
      LOG.info("Filling what the index is owed: {}", owed.describe());
      Optional<String> problem = fillHours(owed, work);
      if (!mayFill(owed)) {
        return;
      }
      if (problem.isPresent()) {
        failed(work, problem.get());
      } else if (work.hours().isDone()) {
        record(owed);
        positions.settled(owed.id());
        LOG.info("Filled what the index was owed: {}; {} rows", owed.describe(), work.rows());
      }
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (stopping.getCount() == 0) {
        return;
      }
      failed(work, FailureReason.of(e));
      if (e instanceof IndexChecks.ForeignException) {
        beginAnew();
      }
    }
  }

  /**
   * @return why the first hour that was not filled was not; empty when all are
   */
  private Optional<String> fillHours(Owed owed, DebtInWork work) throws Exception {
    Optional<String> problem = Optional.empty();
    HoursToFill hours = work.hours();
    hours.begin(hours(owed));
    for (OptionalLong hour = hours.next(); hour.isPresent(); hour = hours.next()) {
      if (!mayFill(owed)) {
        return problem;
      }
      try {
        work.progressed(fillHour(owed, hour.getAsLong()));
      } catch (Exception | FSError e) {
        if (!isOfTheHour(e)) {
          throw e;
        }
        hours.failed();
        if (problem.isEmpty()) {
          problem =
              Optional.of(
                  "hour %s: %s"
                      .formatted(Instant.ofEpochSecond(hour.getAsLong()), FailureReason.of(e)));
        }
        continue;
      }
      OptionalLong downTo = hours.filled();
      if (downTo.isPresent()) {
        positions.filled(owed.id(), downTo.getAsLong());
      }
      show();
    }
    return problem;
  }

  private boolean mayFill(Owed owed) throws IOException {
    return stopping.getCount() > 0
        && positions.isOurs()
        && positions.owes(owed.id())
        && positions.madeAgain() == madeAgain;
  }

  /** Others may fail by something else; an index that is away or is not ours takes none. */
  private boolean isOfTheHour(Throwable e) {
    if (e instanceof IndexChecks.ForeignException || e instanceof IndexChecks.WipedException) {
      return false;
    }
    try {
      return stopping.getCount() > 0 && positions.isOurs();
    } catch (IOException away) {
      LOG.debug("Elasticsearch does not answer", away);
      return false;
    }
  }

  private static void failed(DebtInWork work, String why) {
    if (work.failed(why, System.nanoTime())) {
      LOG.warn("Cannot fill what the index is owed: {} It stays owed and is tried again.", why);
    }
  }

  private void beginAnew() {
    try {
      restart.run();
    } catch (TimeoutException e) {
      LOG.warn("The {} query did not stop in time: {}", status.query(), e.getMessage());
    }
  }

  private boolean lakeHas(Owed owed) {
    return owed.isInLake(
        StreamPosition.after(StreamTable.newestOfLake(engine, configuration.lake().root())),
        positions.topicIds());
  }

  /** The hours with rows that are owed and not said to be filled, as epoch seconds. */
  private List<Long> hours(Owed owed) {
    return events()
        .where(owed.events().rows())
        .select(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR)
        .distinct()
        .collectAsList()
        .stream()
        .map(IndexFill::hour)
        .filter(hour -> owed.filledDownTo() == null || hour < owed.filledDownTo())
        .toList();
  }

  private static long hour(Row row) {
    return LocalDateTime.of(row.getInt(0), row.getInt(1), row.getInt(2), row.getInt(3), 0)
        .toEpochSecond(ZoneOffset.UTC);
  }

  private long fillHour(Owed owed, long hour) throws IOException {
    LocalDateTime begin = LocalDateTime.ofEpochSecond(hour, 0, ZoneOffset.UTC);
    Column inHour =
        col(LakeLayout.YEAR)
            .equalTo(begin.getYear())
            .and(col(LakeLayout.MONTH).equalTo(begin.getMonthValue()))
            .and(col(LakeLayout.DAY).equalTo(begin.getDayOfMonth()))
            .and(col(LakeLayout.HOUR).equalTo(begin.getHour()));
    long begun = positions.begun();
    Reindex.Reindexed done =
        reindex.write(events().where(inHour.and(owed.events().rows())), Existing.KEPT);
    if (!done.refused().isEmpty()) {
      checks.refuseIfForeign();
      if (positions.begun() != begun) {
        // The index that refused them may have been made again meanwhile.
        throw new IndexChecks.WipedException();
      }
    }
    letters.add(done.refused());
    return done.rows();
  }

  private Dataset<Row> events() {
    return spark
        .read()
        .format("delta")
        .load(LakeLayout.table(configuration.lake().root(), LakeLayout.EVENTS));
  }

  private void record(Owed owed) {
    Ledger.open(engine, configuration.lake().root())
        .append(owed.onRecord(clock.instant(), "filled"));
  }

  private void show() {
    positions.ifBegun(
        debts -> {
          inWork.keySet().retainAll(debts.stream().map(Owed::id).toList());
          status.owed(
              debts.stream().map(debt -> new QueryStatus.Debt(debt, problem(debt))).toList());
        });
  }

  private @Nullable String problem(Owed debt) {
    DebtInWork work = inWork.get(debt.id());
    return work == null ? null : work.problem();
  }

  @Override
  public void close() {
    stopping.countDown();
    spark.sparkContext().cancelJobGroup("index-fill");
    try {
      thread.join(configuration.stopTimeout().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
