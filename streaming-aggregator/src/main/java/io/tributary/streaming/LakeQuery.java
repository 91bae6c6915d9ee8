package io.tributary.streaming;

import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Kafka to the lake. Its position is in the {@code events} table, in the same commit as the rows;
 * Spark's checkpoint is only its scratch pad and is made anew at every start, so that a lost, an
 * incompatible or a foreign one cannot matter.
 */
final class LakeQuery implements SupervisedQuery {
  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final BatchGate gate;
  private final BatchLog batches;
  private final Clock clock;
  private final GapPolicy gapPolicy;
  private final QueryStatus status =
      new QueryStatus(StreamingConfiguration.LAKE_QUERY, Duration.ZERO);
  private final Writer writer;
  private @Nullable LakeSink sink;
  private volatile long version = -1;

  /** Whether the lake was ours before in this process. */
  private boolean tookOver;

  LakeQuery(
      SparkSession spark,
      StreamingConfiguration configuration,
      KafkaTopics topics,
      BatchGate gate,
      BatchLog batches,
      Clock clock) {
    this.writer = Writer.ofThisProcess(clock);
    this.spark = spark;
    this.configuration = configuration;
    this.gapPolicy = new GapPolicy(configuration.kafka().onGap());
    this.topics = topics;
    this.gate = gate;
    this.batches = batches;
    this.clock = clock;
  }

  @Override
  public QueryStatus status() {
    return status;
  }

  @Override
  public StreamingQuery start() throws UnavailableException, IOException, InterruptedException {
    close();
    topics.createOrVerify();
    LakeSink opened =
        LakeSink.open(
            spark,
            configuration.lake().root(),
            configuration.fields(),
            configuration.lake().rememberedEvents(),
            configuration.lake().logCheckpointInterval());
    sink = opened;
    if (tookOver) {
      opened.claimAgain(writer);
    }
    Holdings kafka = topics.holdings();
    List<Gap> gaps = kafka.gaps(opened.committed(), opened.topicIds(), status.lastEnds());
    gapPolicy.apply(gaps);
    try {
      opened.takeOver(
          writer,
          gaps,
          kafka.starts(opened.committed(), configuration.kafka().startingOffsets()),
          kafka.topicIds());
    } finally {
      tookOver = tookOver || opened.isTakenOver();
    }
    status.gaps(gaps, clock.instant());
    version = opened.version();
    String checkpoint = configuration.lake().checkpoints() + "/lake";
    forget(checkpoint);
    BatchOffsets offsets = new BatchOffsets(checkpoint, hadoop());
    Dataset<Row> records =
        new KafkaSource(spark, configuration.kafka())
            .stream(
                opened.committed(),
                kafka.beginnings(),
                configuration.lake().maxOffsetsPerTrigger());
    SparkSessions.useThread(spark, status.query());
    status.running(opened.committed(), kafka.topicIds());
    try {
      return records
          .writeStream()
          .queryName(status.query())
          .option("checkpointLocation", checkpoint)
          .trigger(Trigger.ProcessingTime(configuration.lake().trigger().toMillis()))
          .foreachBatch(
              (Dataset<Row> batch, Long id) ->
                  gate.run(() -> write(opened, batch, id, ranges(opened, offsets, id))))
          .start();
    } catch (TimeoutException e) {
      throw new IOException("Cannot start the lake query: " + e.getMessage(), e);
    }
  }

  private static List<OffsetRange> ranges(LakeSink opened, BatchOffsets offsets, long id) {
    try {
      return offsets.of(id);
    } catch (UncheckedIOException e) {
      // Who takes the lake over begins with a new checkpoint, and may have deleted this one.
      opened.requireOurs();
      throw e;
    }
  }

  /** The newest version of {@code events} that the query has written; -1 before it has started. */
  long version() {
    return version;
  }

  private void write(LakeSink opened, Dataset<Row> records, long id, List<OffsetRange> ranges) {
    LakeSink.Written written = opened.write(records, id, ranges, new SameTopics(topics)::require);
    version = written.version();
    batches.done(
        status,
        new BatchReport(
            status.query(),
            id,
            written.commit().read(),
            written.commit().rows(),
            written.commit().duplicates(),
            written.commit().deadLetters(),
            written.commit().misfits(),
            written.millis(),
            written.version()),
        ranges,
        clock.instant());
  }

  private void forget(String checkpoint) throws IOException {
    Path path = new Path(checkpoint);
    path.getFileSystem(hadoop()).delete(path, true);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  @Override
  public void close() {
    if (sink != null) {
      sink.close();
      sink = null;
    }
  }
}
