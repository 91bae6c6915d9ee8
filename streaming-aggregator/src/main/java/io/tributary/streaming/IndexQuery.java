package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.IndexSink;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.OffsetRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Kafka to the index. Documents are made only where they are not, so a batch may be written as
 * often as it needs to be. The position is in the index itself; Spark's checkpoint is only its
 * scratch pad and is made anew at every start. What the query cannot or should not read from Kafka
 * any more it passes by and owes; {@link IndexFill} fills it from the lake.
 */
final class IndexQuery implements SupervisedQuery {
  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final BatchGate gate;
  private final BatchLog batches;
  private final Clock clock;
  private final QueryStatus status;
  private final SameTopics sameTopics;
  private final IndexSink sink;
  private final IndexLetters letters;
  private final IndexPositions positions;
  private final Consumer<LedgerRow> ledger;
  private final IndexChecks checks;
  private final IndexBeginning beginning;

  /**
   * @param ledger takes what is to be put on record
   */
  IndexQuery(
      SparkSession spark,
      StreamingConfiguration configuration,
      KafkaTopics topics,
      IndexAdministration administration,
      BatchGate gate,
      BatchLog batches,
      IndexPositions positions,
      IndexChecks checks,
      Consumer<LedgerRow> ledger,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.topics = topics;
    this.gate = gate;
    this.batches = batches;
    this.clock = clock;
    this.sameTopics = new SameTopics(topics);
    this.letters =
        new IndexLetters(spark, LakeEngine.create(hadoop()), configuration.lake().root());
    this.positions = positions;
    this.ledger = ledger;
    this.checks = checks;
    this.beginning =
        new IndexBeginning(configuration, hadoop(), topics, administration, positions, clock);
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
    IndexPosition begin = beginning.make();
    status.owed(QueryStatus.Debt.waiting(begin.owed()));
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
    checks.refuseIfWiped();
    passByIfTooFarBehind();
    IndexSink.Indexed indexed = sink.write(records, id);
    long written = System.nanoTime();
    Seam.passed(Step.BULK_ANSWERED, indexed.read());
    sameTopics.require(topicIds);
    if (!indexed.refused().isEmpty()) {
      checks.refuseIfForeign();
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

  /** Records may be left to the lake where this job fills it. */
  private void passByIfTooFarBehind() {
    long lag = status.view(clock.instant()).lagRecords();
    long most = configuration.index().maxLag();
    if (lag > most && configuration.runs(StreamingConfiguration.LAKE_QUERY)) {
      throw new TooFarBehindException(lag, most);
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
