package io.tributary.streaming;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexSink;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.DataFiles;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.LakeTable;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.TableLayouts;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Kafka to the index. Documents are made only where they are not, so a batch may be written as
 * often as it needs to be; the position is in Spark's checkpoint.
 */
final class IndexQuery implements SupervisedQuery {
  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final BatchGate gate;
  private final BatchLog batches;
  private final Clock clock;
  private final QueryStatus status;
  private final IndexSink sink;

  IndexQuery(
      SparkSession spark,
      StreamingConfiguration configuration,
      KafkaTopics topics,
      IndexAdministration administration,
      BatchGate gate,
      BatchLog batches,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.topics = topics;
    this.administration = administration;
    this.gate = gate;
    this.batches = batches;
    this.clock = clock;
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
    String checkpoint = configuration.lake().checkpoints() + "/index";
    BatchOffsets offsets = new BatchOffsets(checkpoint, spark.sparkContext().hadoopConfiguration());
    Dataset<Row> records =
        new KafkaSource(spark, configuration.kafka())
            .stream(
                CommittedOffsets.none(), Map.of(), configuration.index().maxOffsetsPerTrigger());
    // A pool of its own: the queries share the cores fairly instead of standing in one line.
    spark.sparkContext().setLocalProperty("spark.scheduler.pool", status.query());
    // Without this a start with nothing new in Kafka would look as if everything were still to do.
    status.running(offsets.committed());
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

  private void write(Dataset<Row> records, long id, List<OffsetRange> ranges) {
    long start = System.nanoTime();
    IndexSink.Indexed indexed = sink.write(records, id);
    long written = System.nanoTime();
    recordRefused(indexed.refused(), id, ranges);
    sink.settled(id);
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

  /** Letters of an earlier try of this batch are not written again. */
  private void recordRefused(List<DeadLetter> refused, long id, List<OffsetRange> ranges) {
    if (refused.isEmpty()) {
      return;
    }
    DefaultEngine engine = DefaultEngine.create(spark.sparkContext().hadoopConfiguration());
    LakeTable<DeadLetter> letters =
        LakeTable.open(
            engine, configuration.lake().root(), TableLayouts.deadLetters(), status.query());
    DataFiles<DeadLetter> files = new DataFiles<>(TableLayouts.deadLetters());
    List<DeadLetter> fresh =
        refused.stream()
            .filter(
                letter ->
                    !letters
                        .committed()
                        .contains(
                            letter.kafka().topic(),
                            letter.kafka().partition(),
                            letter.kafka().offset()))
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    fresh.forEach(files::add);
    letters.append(
        files.write(engine, configuration.lake().root()),
        new StreamCommit(
            status.query(), id, ranges, 0, 0, 0, Map.of("index_rejected", (long) fresh.size()), 0));
  }

  @Override
  public void close() {}
}
