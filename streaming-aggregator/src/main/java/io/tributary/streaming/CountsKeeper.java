package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Throwables;
import io.tributary.lake.counts.CountsTable;
import io.tributary.lake.index.CountsIndex;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.session.SparkSessions;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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
  private static final JsonMapper JSON = new JsonMapper();
  private static final String STATUS_ID = "counts";
  private static final String DIMENSIONS = "dimensions";
  private static final long NOTHING = -1;
  private static final int SHARE = 4;
  private static final int LATEST = 3;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final LongSupplier eventsVersion;
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
  private @Nullable CountsIndex index;
  private long copied = NOTHING;
  private boolean copyFailing;
  private boolean countFailing;

  /**
   * @param eventsVersion the newest version of {@code events}; negative before there is one
   */
  CountsKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      IndexAdministration administration,
      LongSupplier eventsVersion,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.administration = administration;
    this.eventsVersion = eventsVersion;
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
      thread.schedule(this::turn, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("The last counts are at close()");
    }
  }

  private void turn() {
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
            Throwables.getRootCause(e).toString().lines().findFirst().orElse(""),
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
      CountsIndex target = index();
      if (copied >= counts.countedVersion()) {
        return;
      }
      target.copy(counts.countedAfter(copied));
      copied = counts.countedVersion();
      administration.putStatus(STATUS_ID, status());
      copyFailing = false;
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (!copyFailing) {
        LOG.warn(
            "Cannot copy the counts to the index: {}. The copy is made up for when Elasticsearch answers.",
            Throwables.getRootCause(e).toString().lines().findFirst().orElse(""));
      }
      copyFailing = true;
    }
  }

  private String status() {
    return JSON.createObjectNode()
        .put("query", STATUS_ID)
        .put("updated_at", clock.instant().toString())
        .put(LakeLayout.EVENTS_VERSION, copied)
        .set(DIMENSIONS, JSON.valueToTree(configuration.counts().dimensions()))
        .toString();
  }

  private CountsIndex index() throws IOException {
    CountsIndex open = index;
    if (open == null) {
      copied = copiedBefore();
      open =
          new CountsIndex(
              configuration.index().settings(), List.copyOf(configuration.counts().dimensions()));
      index = open;
    }
    return open;
  }

  private long copiedBefore() throws IOException {
    Optional<JsonNode> status = administration.status(STATUS_ID);
    if (status.isEmpty()) {
      return NOTHING;
    }
    if (!status
        .get()
        .path(DIMENSIONS)
        .equals(JSON.valueToTree(configuration.counts().dimensions()))) {
      // A count has its dimensions in its id: those by others would stay beside the new ones.
      LOG.info(
          "The counts are by other dimensions than before: their copy in the index is made anew");
      administration.deleteCounts();
      return NOTHING;
    }
    return status.get().path(LakeLayout.EVENTS_VERSION).asLong(NOTHING);
  }

  /** Counts a last time, so that a stopped job leaves no minute uncounted. */
  @Override
  public void close() {
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
