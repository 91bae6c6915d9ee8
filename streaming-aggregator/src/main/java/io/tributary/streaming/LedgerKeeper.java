package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.failure.RootCause;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.TableLog;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the ledger, about once a minute, out of what the commits say of themselves; so a batch
 * pays nothing for it, and a job that is killed leaves it to the next one. Checks the sums of every
 * batch on the way.
 */
final class LedgerKeeper implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeper.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_COMMITS_A_TURN = 5_000;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final LongSupplier eventsVersion;
  private final @Nullable QueryStatus lake;
  private final JobMetrics metrics;
  private final Clock clock;
  private final Engine engine;
  private final ConcurrentLinkedQueue<LedgerRow> waiting = new ConcurrentLinkedQueue<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private Accounting accounting = new Accounting();
  private @Nullable Ledger ledger;
  private LedgerPosition written = LedgerPosition.START;

  /** {@code written} as the ledger has it. */
  private Optional<String> recorded = Optional.empty();

  private boolean gapsShown;
  private boolean failing;

  /**
   * @param eventsVersion the newest version of {@code events}; negative before there is one
   * @param lake the status of the lake query, which shows the gaps on record; null when it does not
   *     run here, and its commits are somebody else's to write down
   */
  LedgerKeeper(
      SparkSession spark,
      StreamingConfiguration configuration,
      LongSupplier eventsVersion,
      @Nullable QueryStatus lake,
      JobMetrics metrics,
      FatalErrors errors,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.eventsVersion = eventsVersion;
    this.lake = lake;
    this.metrics = metrics;
    this.clock = clock;
    this.engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
    this.thread = new Thread(errors.watching("ledger", this::run), "ledger");
    thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  LongSupplier eventsVersion() {
    return eventsVersion;
  }

  /** Has a row written with the next ones; from any thread. */
  void add(LedgerRow row) {
    waiting.add(row);
  }

  private void run() {
    SparkSessions.useThread(spark, "ledger");
    try {
      while (!stopping.await(configuration.ledger().every().toMillis(), TimeUnit.MILLISECONDS)) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() {
    try {
      while (write()) {
        LOG.debug("More commits wait for the ledger");
      }
      failing = false;
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full: none of them may end this thread.
      if (!failing) {
        LOG.warn(
            "Cannot write the ledger: {}. Nothing is lost, the next turn makes up for it.",
            RootCause.line(e),
            e);
      }
      failing = true;
      ledger = null;
    }
  }

  /** Writes what there is; true when there is more. */
  private boolean write() throws IOException {
    long newest = eventsVersion.getAsLong();
    if (newest < 0 && waiting.isEmpty()) {
      return false;
    }
    Ledger open = open();
    List<LedgerRow> rows = new ArrayList<>();
    List<QueryStatus.KnownGap> gaps = new ArrayList<>();
    long until = Math.min(newest, written.eventsVersion() + MOST_COMMITS_A_TURN);
    for (long version = written.eventsVersion() + 1; version <= until; version++) {
      rows.addAll(rowsOf(version, gaps));
    }
    List<LedgerRow> others = new ArrayList<>(waiting);
    rows.addAll(others);
    LedgerPosition reached = written.after(until, gaps);
    if (lake == null) {
      open.append(rows);
    } else if (open.append(rows, StreamingConfiguration.LAKE_QUERY, recorded, reached.json())) {
      recorded = rows.isEmpty() ? recorded : Optional.of(reached.json());
    } else {
      // The job that took the lake over, or the one it was taken from, has written them meanwhile.
      ledger = null;
      return true;
    }
    QueryStatus shown = lake;
    if (shown != null) {
      // Those that an earlier job found and did not live to tell of.
      gaps.forEach(shown::gapOnRecord);
    }
    waiting.removeAll(others);
    written = reached;
    return until < newest;
  }

  private Ledger open() {
    Ledger open = ledger;
    if (open == null) {
      open = Ledger.open(engine, configuration.lake().root());
      recorded = open.position(StreamingConfiguration.LAKE_QUERY);
      // The commits from there on are looked at again.
      accounting = new Accounting();
      written = recorded.map(LedgerPosition::fromJson).orElse(LedgerPosition.START);
      QueryStatus shown = lake;
      if (shown != null && !gapsShown) {
        gapsShown = true;
        written.gaps().forEach(gap -> shown.gapOnRecord(gap.known()));
      }
      ledger = open;
    }
    return open;
  }

  private List<LedgerRow> rowsOf(long version, List<QueryStatus.KnownGap> gaps) throws IOException {
    TableLog log =
        TableLog.of(
            configuration.lake().root(),
            LakeLayout.EVENTS,
            spark.sparkContext().hadoopConfiguration());
    Optional<List<JsonNode>> actions = log.commit(version);
    if (actions.isEmpty()) {
      return List.of();
    }
    Optional<StreamCommit> found =
        log.streamCommit(actions.get(), StreamingConfiguration.LAKE_QUERY);
    if (found.isEmpty()) {
      return List.of();
    }
    StreamCommit commit = found.get();
    Instant at = committedAt(actions.get());
    List<LedgerRow> rows = new ArrayList<>();
    for (LostRange lost : commit.lost()) {
      gaps.add(QueryStatus.KnownGap.of(lost, at));
      rows.add(
          LedgerRow.gap(
              at,
              StreamingConfiguration.LAKE_QUERY,
              new OffsetRange(lost.topic(), lost.partition(), lost.from(), lost.until()),
              lost.detail()));
    }
    accounting
        .check(commit, numRecords(actions.get()))
        .ifPresent(
            problem -> {
              LOG.error(
                  "The accounting of version {} of events does not add up: {}. Compare the lake with Kafka for its offsets (scripts/backfill-jobs audit).",
                  version,
                  problem);
              metrics.accountingError();
            });
    if (commit.batch() != StreamCommit.NO_BATCH) {
      rows.add(LedgerRow.lakeBatch(at, commit, version, 0));
    }
    return rows;
  }

  private Instant committedAt(List<JsonNode> actions) {
    return actions.stream()
        .map(action -> action.path("commitInfo").path("timestamp"))
        .filter(JsonNode::isNumber)
        .map(timestamp -> Instant.ofEpochMilli(timestamp.asLong()))
        .findFirst()
        .orElseGet(clock::instant);
  }

  private static long numRecords(List<JsonNode> actions) throws IOException {
    long records = 0;
    for (JsonNode action : actions) {
      if (action.has("add")) {
        records +=
            JSON.readTree(action.get("add").path("stats").asText("{}")).path("numRecords").asLong();
      }
    }
    return records;
  }

  /** Writes a last time. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(configuration.stopTimeout().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    turn();
  }
}
