package io.tributary.streaming;

import static org.apache.spark.sql.functions.col;

import io.tributary.lake.counts.CountsTable;
import io.tributary.lake.failure.RootCause;
import io.tributary.lake.index.CountsIndex;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.session.SparkSessions;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code event_counts} up with {@code events} on a cadence of its own, beside the lake query,
 * and copies what changed to the index. A failed copy is made up for by the next.
 */
final class CountsKeeper implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(CountsKeeper.class);
  private static final int SHARE = 4;
  private static final int LATEST = 3;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final IndexPositions positions;
  private final LongSupplier eventsVersion;
  private final Runnable turn;
  private final CountsIndex target;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1,
          runnable -> {
            Thread thread = new Thread(runnable, "counts");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable CountsTable table;
  private volatile boolean stopping;
  private boolean copyFailing;
  private boolean countFailing;

  /**
   * @param eventsVersion the newest version of {@code events}; negative before there is one
   */
  CountsKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexAdministration administration,
      IndexPositions positions,
      LongSupplier eventsVersion,
      FatalErrors errors,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.administration = administration;
    this.positions = positions;
    this.eventsVersion = eventsVersion;
    this.turn = errors.watching("counts", this::turn);
    this.target =
        new CountsIndex(
            configuration.index().settings(), List.copyOf(configuration.counts().dimensions()));
    this.clock = clock;
  }

  @Override
  public void start() {
    scheduleAfter(0);
  }

  /**
   * The longer counting took, the later it comes again, within bounds: a stream that has much to
   * catch up with touches so many minutes that it would otherwise be counted over and over, at the
   * stream's expense.
   */
  private void scheduleAfter(long tookMillis) {
    long every = configuration.counts().every().toMillis();
    long pause = Math.max(every, Math.min(SHARE * tookMillis, LATEST * every));
    try {
      thread.schedule(turn, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("The last counts are at close()");
    }
  }

  private void turn() {
    if (stopping) {
      // Its time came after the last counts; it would only be interrupted.
      return;
    }
    long start = System.nanoTime();
    tick();
    scheduleAfter((System.nanoTime() - start) / 1_000_000);
  }

  private void tick() {
    try {
      SparkSessions.useThread(spark, "counts");
      long version = eventsVersion.getAsLong();
      if (version < 0) {
        return;
      }
      CountsTable counts = table();
      long start = System.nanoTime();
      if (counts.refresh(version)) {
        LOG.info(
            "counts of events version {} in {} ms",
            version,
            (System.nanoTime() - start) / 1_000_000);
      }
      countFailing = false;
      if (configuration.runs(StreamingConfiguration.INDEX_QUERY)) {
        copy(counts);
      }
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (!countFailing) {
        LOG.warn(
            "Cannot count: {}. The counts stand still; the next turn, in {} s, makes up for it.",
            RootCause.line(e),
            configuration.counts().every().toSeconds(),
            e);
      }
      countFailing = true;
      table = null;
    }
  }

  private CountsTable table() {
    CountsTable open = table;
    if (open == null) {
      open =
          CountsTable.open(
              spark, configuration.lake().root(), configuration.counts().dimensions(), clock);
      table = open;
    }
    return open;
  }

  private void copy(CountsTable counts) {
    try {
      if (!positions.isOurs()) {
        // A wiped index has no templates: nothing is written before the query has begun anew.
        return;
      }
      CopiedCounts copied = copiedBefore();
      Map<String, String> before = administration.countsIndices();
      Set<String> missing = copied.missingIn(before);
      long counted = counts.countedVersion();
      if (missing.isEmpty() && copied.version() >= counted) {
        return;
      }
      target.copy(
          missing.isEmpty()
              ? counts.countedAfter(copied.version())
              : counts
                  .countedAfter(CopiedCounts.NOTHING)
                  .where(
                      col(LakeLayout.EVENTS_VERSION)
                          .gt(copied.version())
                          .or(target.indexOfCount().isin(missing.toArray()))));
      CopiedCounts now = copied.upTo(counted, before, administration.countsIndices());
      if (positions.isOurs()) {
        administration.status().put(CopiedCounts.DOCUMENT_ID, now.json(clock.instant()));
      }
      copyFailing = false;
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (!copyFailing) {
        LOG.warn(
            "Cannot copy the counts to the index: {}. The copy is made up for when Elasticsearch answers.",
            RootCause.line(e));
      }
      copyFailing = true;
    }
  }

  /** What the index says of its copy, asked each time: it may have been wiped since. */
  private CopiedCounts copiedBefore() throws IOException {
    List<String> dimensions = List.copyOf(configuration.counts().dimensions());
    Optional<CopiedCounts> said =
        administration.status().source(CopiedCounts.DOCUMENT_ID).flatMap(CopiedCounts::of);
    if (said.isPresent() && said.get().dimensions().equals(dimensions)) {
      return said.get();
    }
    if (!administration.countsIndices().isEmpty()) {
      // A count has its dimensions in its id: those by others would stay beside the new ones. And
      // of an index that was made while nothing was known of it the mappings may be wrong.
      LOG.info(
          "The index does not say that its counts are by {}: their copy is made anew", dimensions);
      administration.deleteCounts();
    }
    return CopiedCounts.none(dimensions);
  }

  /** Counts a last time, so that a stopped job leaves no minute uncounted. */
  @Override
  public void close() {
    stopping = true;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    Future<?> last = thread.submit(this::tick);
    try {
      last.get(configuration.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("The counts were not finished at the stop; the next start makes up for it");
    } catch (ExecutionException e) {
      LOG.warn("The last counts failed; the next start makes up for it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }
}
