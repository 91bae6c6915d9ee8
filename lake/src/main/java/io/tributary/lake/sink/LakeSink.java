package io.tributary.lake.sink;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodeRecords;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.Deduplication;
import io.tributary.lake.deduplication.Judged;
import io.tributary.lake.deduplication.KeptBatch;
import io.tributary.lake.deduplication.Verdicts;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LogCheckpoints;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.PartitionValues;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.TableChanges;
import io.tributary.lake.table.Writer;
import io.tributary.lake.table.WrittenFile;
import io.tributary.layout.LakeLayout;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes batches of Kafka records to the lake: letters and duplicates first, then the events with
 * the new position. A failure before the last commit leaves the position where it was, and the
 * batch is written again; a failure after it leaves nothing to do.
 *
 * <p>Not thread-safe: one stream, one sink.
 */
public final class LakeSink implements AutoCloseable {
  /** Another writer appends once in a while; so many times in a row it cannot be by chance. */
  private static final int TRIES = 20;

  /** Only says since when a file that is taken back is no part of its table, for a vacuum. */
  private static final Clock CLOCK = Clock.systemUTC();

  private static final int DICTIONARY_BYTES = 64 * 1024;

  private final SparkSession spark;
  private final DecodeRecords decode;
  private final Deduplication deduplication;
  private final StreamedTables tables;
  private final FileJob fileJob;
  private final LogCheckpoints logCheckpoints;

  private LakeSink(
      SparkSession spark,
      String lakeRoot,
      List<TypedField> fields,
      long remembered,
      StreamedTables tables,
      FileJob fileJob,
      LogCheckpoints logCheckpoints) {
    this.spark = spark;
    this.tables = tables;
    this.fileJob = fileJob;
    this.logCheckpoints = logCheckpoints;
    this.decode = new DecodeRecords(fields);
    String eventsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    this.deduplication =
        new Deduplication(
            () -> spark.read().format("delta").load(eventsPath),
            days ->
                tables.events().table().holdsAny(days.stream().map(PartitionValues::of).toList()),
            remembered);
  }

  /**
   * Opens the tables, making those that are not there.
   *
   * @param remembered how many identities deduplication may keep in memory
   * @param logCheckpointInterval commits between two checkpoints of a table's log
   */
  public static LakeSink open(
      SparkSession spark,
      String lakeRoot,
      List<TypedField> fields,
      long remembered,
      int logCheckpointInterval) {
    Configuration hadoop = new Configuration(spark.sparkContext().hadoopConfiguration());
    hadoop.set("parquet.compression", "zstd");
    // Columns of ever new values (ids, digests) give up on a dictionary early; those of few values
    // fit into this one.
    hadoop.setInt("parquet.dictionary.page.size", DICTIONARY_BYTES);
    Engine engine = LakeEngine.create(hadoop);
    EventColumns.addMissing(spark, lakeRoot, fields);
    return new LakeSink(
        spark,
        lakeRoot,
        fields,
        remembered,
        StreamedTables.open(engine, hadoop, lakeRoot, fields),
        new FileJob(spark, lakeRoot, fields, new SerializableConfiguration(hadoop)),
        new LogCheckpoints(engine, logCheckpointInterval));
  }

  /**
   * Up to where the lake holds each partition; a stream begins here, whatever its checkpoint says.
   */
  public CommittedOffsets committed() {
    return Seam.isOn(Guard.OFFSET_RANGES) ? tables.events().committed() : CommittedOffsets.none();
  }

  /** The ids of the topics that the position is of; empty before a job has said them. */
  public Map<String, String> topicIds() {
    return tables.events().topicIds();
  }

  /**
   * Makes a job the only one that may write here; one that wrote before is refused from now on.
   *
   * @param gaps where the stream goes on elsewhere than it stopped
   * @param starts where it begins with partitions that it has not read before, as empty ranges:
   *     what Kafka loses of them from now on is known to be lost
   * @param topicIds the ids of the topics as they are now
   * @throws io.tributary.lake.table.FencedException when {@link #claimAgain} was called, and
   *     another job takes the lake over at the same time
   */
  public void takeOver(
      Writer writer, List<Gap> gaps, List<OffsetRange> starts, Map<String, String> topicIds) {
    tables.takeOver(writer, gaps, starts, topicIds);
    deduplication.forget();
  }

  /**
   * Whether {@link #takeOver} has made the lake ours. It may have done so and failed nevertheless.
   */
  public boolean isTakenOver() {
    return tables.isTakenOver();
  }

  /**
   * Says who we are to a lake that this process has taken over before: a query that starts again
   * after a failure must not take it back from its successor.
   *
   * @throws io.tributary.lake.table.FencedException when another job has taken the lake over since
   */
  public void claimAgain(Writer ours) {
    tables.claimAgain(ours);
  }

  /**
   * Looks whether the lake is still ours.
   *
   * @throws io.tributary.lake.table.FencedException when another job has taken it over
   */
  public void requireOurs() {
    takeNoteOf(tables.catchUp());
  }

  /** The newest version of {@code events} that this sink knows. */
  public long version() {
    return tables.events().version();
  }

  /** How many identities deduplication keeps in memory. */
  public long remembered() {
    return deduplication.remembered();
  }

  /**
   * Writes a batch.
   *
   * @param records with the columns of Spark's Kafka source
   * @param ranges what the batch spans
   * @param check asked when all records have been read and nothing of them is committed
   * @return what became of its records, and how long each step took
   * @throws io.tributary.lake.table.FencedException when another job has taken the lake over
   */
  public Written write(
      Dataset<Row> records, long batch, List<OffsetRange> ranges, ReadCheck check) {
    Stopwatch watch = new Stopwatch();
    Seam.passed(Step.LAKE_BATCH_BEGUN, ranges.stream().mapToLong(OffsetRange::size).sum());
    JavaRDD<DecodedRecord> decoded = decode.apply(records);
    for (int attempt = 1; true; attempt++) {
      try {
        return write(decoded, batch, ranges, check, watch);
      } catch (ConcurrentWriteException e) {
        // An import was faster. Which events are new has to be asked again; letters and duplicates
        // that are committed are taken back.
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private Written write(
      JavaRDD<DecodedRecord> records,
      long batch,
      List<OffsetRange> ranges,
      ReadCheck check,
      Stopwatch watch) {
    takeNoteOf(tables.catchUp());
    tables.takeBackWhatWasCutOff(CLOCK);
    CommittedOffsets done = committed();
    try (KeptBatch kept = KeptBatch.of(withoutDone(records, done, ranges))) {
      Judged judged = deduplication.judge(kept);
      watch.lap("decode");
      Seam.passed(Step.RECORDS_JUDGED, judged.read());
      StreamCommit commit = account(batch, ranges, done, judged);
      List<WrittenFile> files = fileJob.write(kept.records(), judged);
      // Not before: what an executor loses is read from Kafka again while the files are written.
      check.confirm(topicIds());
      watch.lap("files");
      Seam.passed(Step.FILES_WRITTEN, judged.read());
      long version = tables.commit(files, commit, judged.read());
      watch.lap("commit");
      Seam.passed(Step.EVENTS_COMMITTED, judged.read());
      judged.committed();
      tables.consider(logCheckpoints);
      watch.lap("remember");
      return new Written(commit, version, watch.laps());
    }
  }

  /** What others added is learnt; when they took rows away, all is asked of the lake again. */
  private void takeNoteOf(TableChanges changes) {
    if (changes.rewritten()) {
      deduplication.forget();
    } else if (!changes.added().isEmpty()) {
      deduplication.learn(
          spark
              .read()
              .parquet(changes.added().toArray(String[]::new))
              .select(LakeLayout.EVENT_ID, LakeLayout.DIGEST, LakeLayout.TS));
    }
  }

  private JavaRDD<DecodedRecord> withoutDone(
      JavaRDD<DecodedRecord> decoded, CommittedOffsets done, List<OffsetRange> ranges) {
    boolean overlaps =
        ranges.stream()
            .anyMatch(range -> range.from() < done.next(range.topic(), range.partition()));
    if (!overlaps) {
      return decoded;
    }
    return decoded.filter(
        record ->
            !done.contains(
                record.kafka().topic(), record.kafka().partition(), record.kafka().offset()));
  }

  private StreamCommit account(
      long batch, List<OffsetRange> ranges, CommittedOffsets done, Judged judged) {
    Verdicts verdicts = judged.verdicts();
    Map<String, Long> dead = new TreeMap<>(judged.rejected());
    if (verdicts.conflicts() > 0) {
      dead.put(DeadLetterReason.ID_CONFLICT.code(), verdicts.conflicts());
    }
    long lost = dead.values().stream().mapToLong(Long::longValue).sum();
    return StreamCommit.ofBatch(
        StreamCommit.LAKE_QUERY,
        batch,
        ranges.stream().map(range -> notYet(range, done)).toList(),
        judged.read(),
        judged.read() - lost - verdicts.duplicates(),
        verdicts.duplicates(),
        dead,
        judged.misfits());
  }

  private static OffsetRange notYet(OffsetRange range, CommittedOffsets done) {
    long from = Math.max(range.from(), done.next(range.topic(), range.partition()));
    return new OffsetRange(range.topic(), range.partition(), from, Math.max(from, range.until()));
  }

  /** Waits for work beside the stream to end; what is committed stays. */
  @Override
  public void close() {
    logCheckpoints.close();
  }

  /**
   * Whether the records that were read are of the topics that the position is of. A topic that was
   * made again while they were read may have given others at the same offsets.
   */
  public interface ReadCheck {
    /** Lets every batch pass. */
    ReadCheck NONE = ids -> {};

    /**
     * Throws when they are not; then nothing of the batch is committed.
     *
     * @param topicIds the ids of the topics that the position is of
     */
    void confirm(Map<String, String> topicIds);
  }

  /**
   * What a batch did.
   *
   * @param version of {@code events} in which its rows are
   * @param millis by step, in the order of the steps
   */
  public record Written(StreamCommit commit, long version, Map<String, Long> millis) {}
}
