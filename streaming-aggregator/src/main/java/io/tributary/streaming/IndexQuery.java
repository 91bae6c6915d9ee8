package io.tributary.streaming;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.IndexSink;
import io.tributary.lake.index.Owed;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka to the index. Documents are made only where they are not, so a batch may be written as
 * often as it needs to be. The position is in the index itself; Spark's checkpoint is only its
 * scratch pad and is made anew at every start. What the query cannot or should not read from Kafka
 * any more it passes by and owes; {@link IndexFill} fills it from the lake.
 */
final class IndexQuery implements SupervisedQuery {
  private static final Logger LOG = LoggerFactory.getLogger(IndexQuery.class);

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final BatchGate gate;
  private final BatchLog batches;
  private final Clock clock;
  private final QueryStatus status;
  private final SameTopics sameTopics;
  private final Engine engine;
  private final IndexSink sink;
  private final IndexLetters letters;
  private final IndexPositions positions;
  private final Consumer<LedgerRow> ledger;
  private final BooleanSupplier mayPassBy;

  /**
   * @param ledger takes what is to be put on record
   * @param mayPassBy whether the lake is being filled, so that records may be left to it
   */
  IndexQuery(
      SparkSession spark,
      StreamingConfiguration configuration,
      KafkaTopics topics,
      IndexAdministration administration,
      BatchGate gate,
      BatchLog batches,
      IndexPositions positions,
      Consumer<LedgerRow> ledger,
      BooleanSupplier mayPassBy,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.topics = topics;
    this.administration = administration;
    this.gate = gate;
    this.batches = batches;
    this.clock = clock;
    this.sameTopics = new SameTopics(topics);
    this.engine = LakeEngine.create(hadoop());
    this.letters = new IndexLetters(spark, engine, configuration.lake().root());
    this.positions = positions;
    this.ledger = ledger;
    this.mayPassBy = mayPassBy;
    this.status =
        new QueryStatus(
            StreamingConfiguration.INDEX_QUERY, configuration.index().refreshInterval());
    this.sink =
        new IndexSink(
            spark,
            configuration.index().settings(),
            configuration.fields(),
            configuration.lake().root() + "/_index_refusals");
  }

  @Override
  public QueryStatus status() {
    return status;
  }

  @Override
  public StreamingQuery start() throws UnavailableException, IOException, InterruptedException {
    topics.createOrVerify();
    install();
    IndexPosition begin = resume();
    String checkpoint = configuration.lake().checkpoints() + "/index";
    forget(checkpoint);
    BatchOffsets offsets = new BatchOffsets(checkpoint, hadoop());
    Dataset<Row> records =
        new KafkaSource(spark, configuration.kafka())
            .stream(
                begin.committed(),
                topics.holdings().beginnings(),
                configuration.index().maxOffsetsPerTrigger());
    SparkSessions.useThread(spark, status.query());
    status.running(begin.committed(), begin.topicIds());
    try {
      return records
          .writeStream()
          .queryName(status.query())
          .option("checkpointLocation", checkpoint)
          .trigger(Trigger.ProcessingTime(configuration.index().trigger().toMillis()))
          .foreachBatch(
              (Dataset<Row> batch, Long id) ->
                  gate.run(() -> write(begin.topicIds(), batch, id, offsets.of(id))))
          .start();
    } catch (TimeoutException e) {
      throw new IOException("Cannot start the index query: " + e.getMessage(), e);
    }
  }

  /** Whatever is dropped has lost its position, too, and is owed like what somebody wiped. */
  private void install() throws UnavailableException {
    try {
      List<String> dropped =
          administration.install(configuration.fields(), configuration.counts().dimensions());
      if (!dropped.isEmpty()) {
        LOG.warn(
            "Dropped {}, made without our templates; what they held is made again from the lake",
            dropped);
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "Cannot install the index templates: Elasticsearch at %s does not answer as it should (%s). Check that it runs and that index.elasticsearch is right."
              .formatted(configuration.index().elasticsearch(), e.getMessage()),
          e);
    }
  }

  private IndexPosition resume() throws UnavailableException, IOException, InterruptedException {
    Optional<StreamCommit> lake =
        StreamTable.newestCommit(
            engine,
            configuration.lake().root(),
            LakeLayout.EVENTS,
            StreamingConfiguration.LAKE_QUERY);
    Optional<IndexPosition> stored = positions.read();
    IndexPosition begin =
        new IndexResumption(
                stored,
                topics.holdings(),
                lake.map(commit -> CommittedOffsets.after(commit.offsets()))
                    .orElseGet(CommittedOffsets::none),
                lake.map(StreamCommit::topicIds).orElse(Map.of()),
                LakeContents.of(LakeEngine.create(hadoop()), configuration.lake().root()),
                configuration.kafka().startingOffsets(),
                configuration.index().maxLag())
            .resume(clock.instant());
    List<Owed> added =
        begin.owed().stream()
            .filter(owed -> stored.isEmpty() || !stored.get().owed().contains(owed))
            .toList();
    if (!added.isEmpty()) {
      if (stored.isPresent()) {
        // While no position can be kept nothing is passed by, and every try would put it on record.
        positions.start(stored.get());
      }
      record(added);
    }
    positions.start(begin);
    status.owed(begin.owed());
    return begin;
  }

  /**
   * Puts new debts on record before the position that passes their records by is kept: a job that
   * is killed between the two has them on record twice, and never not at all.
   */
  private void record(List<Owed> owed) {
    List<LedgerRow> rows = new ArrayList<>();
    for (Owed debt : owed) {
      rows.addAll(LedgerRow.owed(clock.instant(), debt.ranges(), "owed", debt.describe()));
    }
    Ledger.open(engine, configuration.lake().root()).append(rows);
    owed.forEach(
        debt ->
            LOG.warn(
                "The index is owed records that were passed by ({}); it is filled from the lake, newest hours first",
                debt.describe()));
  }

  private void forget(String checkpoint) throws IOException {
    Path path = new Path(checkpoint);
    path.getFileSystem(hadoop()).delete(path, true);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private void write(
      Map<String, String> topicIds, Dataset<Row> records, long id, List<OffsetRange> ranges) {
    long start = System.nanoTime();
    Seam.passed(Step.INDEX_BATCH_BEGUN, ranges.stream().mapToLong(OffsetRange::size).sum());
    refuseIfWiped();
    passByIfTooFarBehind();
    IndexSink.Indexed indexed = sink.write(records, id);
    long written = System.nanoTime();
    Seam.passed(Step.BULK_ANSWERED, indexed.read());
    sameTopics.require(topicIds);
    if (!indexed.refused().isEmpty()) {
      refuseIfForeign();
      letters.add(indexed.refused());
    }
    sink.settled(id);
    advance(ranges);
    Seam.passed(Step.INDEX_POSITION_KEPT, indexed.read());
    ledger.accept(
        LedgerRow.indexBatch(
            clock.instant(),
            id,
            ranges,
            indexed.read(),
            indexed.accepted(),
            indexed.refused().size()));
    long settled = System.nanoTime();
    batches.done(
        status,
        new BatchReport(
            status.query(),
            id,
            indexed.read(),
            indexed.accepted(),
            0,
            indexed.refused().isEmpty()
                ? Map.of()
                : Map.of("index_rejected", (long) indexed.refused().size()),
            0,
            Map.of(
                "bulk", (written - start) / 1_000_000, "letters", (settled - written) / 1_000_000),
            -1),
        ranges,
        clock.instant());
  }

  /** Without its templates an index would be made of the first document, and be a wrong one. */
  private void refuseIfWiped() {
    try {
      if (!positions.isOurs()) {
        throw new IndexWipedException();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What was refused by an index that was made while somebody wiped ours is refused by no other.
   */
  private void refuseIfForeign() {
    refuseIfWiped();
    try {
      Map<String, String> foreign = administration.foreignEvents(configuration.fields());
      if (!foreign.isEmpty()) {
        throw new ForeignIndexException(foreign);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void passByIfTooFarBehind() {
    long lag = status.view(clock.instant()).lagRecords();
    if (lag > configuration.index().maxLag() && mayPassBy.getAsBoolean()) {
      throw new TooFarBehindException(lag, configuration.index().maxLag());
    }
  }

  private void advance(List<OffsetRange> ranges) {
    try {
      positions.advance(ranges);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {}

  /** The position in the index is not the one this job left there. */
  static final class IndexWipedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    IndexWipedException() {
      super(
          "The position kept in the index is not as this job left it: the index was wiped, or another job writes to it; the query starts anew from what is there");
    }
  }

  /** Documents were refused by indices that are not ours. */
  static final class ForeignIndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignIndexException(Map<String, String> foreign) {
      super(
          "Documents were refused by indices that were made without our templates (%s): the query starts anew and makes them again"
              .formatted(foreign));
    }
  }

  /** The query is to go on at the newest records. */
  static final class TooFarBehindException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooFarBehindException(long lag, long most) {
      super(
          "The index lags %d records, more than index.max-lag (%d): it goes on at the newest, and the others are filled from the lake"
              .formatted(lag, most));
    }
  }
}
