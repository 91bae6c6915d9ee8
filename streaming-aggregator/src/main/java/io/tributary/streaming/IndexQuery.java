package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.IndexSink;
import io.tributary.lake.index.Owed;
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
    this.letters =
        new IndexLetters(spark, LakeEngine.create(hadoop()), configuration.lake().root());
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
    try {
      administration.install(configuration.fields(), configuration.counts().dimensions());
    } catch (IOException e) {
      throw new UnavailableException(
          "Cannot install the index templates: Elasticsearch at %s does not answer as it should (%s). Check that it runs and that index.elasticsearch is right."
              .formatted(configuration.index().elasticsearch(), e.getMessage()),
          e);
    }
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
              (Dataset<Row> batch, Long id) -> gate.run(() -> write(batch, id, offsets.of(id))))
          .start();
    } catch (TimeoutException e) {
      throw new IOException("Cannot start the index query: " + e.getMessage(), e);
    }
  }

  private IndexPosition resume() throws UnavailableException, IOException, InterruptedException {
    Optional<StreamCommit> lake =
        StreamTable.newestCommit(
            LakeEngine.create(hadoop()),
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
                configuration.index().maxLag())
            .resume(clock.instant());
    positions.start(begin);
    begin.owed().stream()
        .filter(owed -> stored.isEmpty() || !stored.get().owed().contains(owed))
        .forEach(this::announce);
    status.owed(begin.owed());
    return begin;
  }

  private void announce(Owed owed) {
    LOG.warn(
        "The index is owed records that were passed by ({}); it is filled from the lake, newest hours first",
        owed.describe());
    owed.ranges()
        .forEach(
            range ->
                ledger.accept(LedgerRow.owed(clock.instant(), range, "owed", owed.describe())));
  }

  private void forget(String checkpoint) throws IOException {
    Path path = new Path(checkpoint);
    path.getFileSystem(hadoop()).delete(path, true);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  private void write(Dataset<Row> records, long id, List<OffsetRange> ranges) {
    long start = System.nanoTime();
    Seam.passed(Step.INDEX_BATCH_BEGUN, ranges.stream().mapToLong(OffsetRange::size).sum());
    refuseIfWiped();
    passByIfTooFarBehind();
    IndexSink.Indexed indexed = sink.write(records, id);
    long written = System.nanoTime();
    Seam.passed(Step.BULK_ANSWERED, indexed.read());
    letters.add(indexed.refused());
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
