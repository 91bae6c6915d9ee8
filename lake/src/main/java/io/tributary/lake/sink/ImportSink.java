package io.tributary.lake.sink;

import static org.apache.spark.sql.functions.col;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.Deduplication;
import io.tributary.lake.deduplication.Judged;
import io.tributary.lake.deduplication.KeptBatch;
import io.tributary.lake.deduplication.Verdicts;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.PartitionValues;
import io.tributary.lake.table.TableChanges;
import io.tributary.lake.table.WrittenFile;
import io.tributary.layout.LakeLayout;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes lines of files to the lake, decoded and judged as records are; beside a running stream
 * too. Both pass the turnstile of {@code events}: of two that append at the same time, Delta
 * refuses the second. It looks at what the first has added, and appends again; only when that holds
 * an id of its own, it judges anew.
 *
 * <p>The rows are committed first, in one commit with nothing else: a run that is cut off leaves
 * whole parts, and importing the file again adds only what is not there. A letter of a line is
 * written once, however often its file is imported.
 *
 * <p>Not thread-safe.
 */
public final class ImportSink {
  private static final Pattern DAY = Pattern.compile("/year=(\\d+)/month=(\\d+)/day=(\\d+)/");

  /** A stream that commits twice a second is passed in a few tries. */
  private static final int TRIES = 500;

  private final SparkSession spark;
  private final String lakeRoot;
  private final long importedMillis;
  private final FileJob fileJob;
  private final EventDecoder decoder;
  private final ImportTables tables;
  private final Deduplication deduplication;

  /** The days of the lines so far; only of these is anything in memory. */
  private final Set<LocalDate> days = new HashSet<>();

  private ImportSink(
      SparkSession spark,
      String lakeRoot,
      List<TypedField> fields,
      long remembered,
      long importedMillis,
      FileJob fileJob,
      ImportTables tables) {
    this.spark = spark;
    this.lakeRoot = lakeRoot;
    this.importedMillis = importedMillis;
    this.fileJob = fileJob;
    this.decoder = new EventDecoder(fields);
    this.tables = tables;
    String eventsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    this.deduplication =
        new Deduplication(
            () -> spark.read().format("delta").load(eventsPath),
            asked ->
                tables.events().table().holdsAny(asked.stream().map(PartitionValues::of).toList()),
            remembered);
  }

  /**
   * Opens the tables, making those that are not there.
   *
   * @param remembered how many identities deduplication may keep in memory
   * @param importedMillis when the import began, milliseconds since the epoch: what bounds the
   *     times of its events
   */
  public static ImportSink open(
      SparkSession spark,
      String lakeRoot,
      List<TypedField> fields,
      long remembered,
      long importedMillis) {
    Configuration hadoop = new Configuration(spark.sparkContext().hadoopConfiguration());
    hadoop.set("parquet.compression", "zstd");
    Engine engine = LakeEngine.create(hadoop);
    EventColumns.addMissing(spark, lakeRoot, fields);
    return new ImportSink(
        spark,
        lakeRoot,
        fields,
        remembered,
        importedMillis,
        new FileJob(spark, lakeRoot, fields, new SerializableConfiguration(hadoop)),
        ImportTables.open(engine, hadoop, lakeRoot, fields));
  }

  /**
   * Writes some lines.
   *
   * @throws ConcurrentWriteException when other writers are faster without end
   */
  public Imported write(List<ImportedLine> lines) {
    try (KeptBatch kept = KeptBatch.of(decoded(lines))) {
      Set<String> ids = new HashSet<>();
      for (Identity identity : kept.records().flatMap(ImportSink::identity).collect()) {
        ids.add(identity.eventId());
        days.add(identity.day());
      }
      forgetIfChanged(tables.catchUp());
      for (int attempt = 1; true; attempt++) {
        try {
          return write(kept, ids);
        } catch (ChangedMeanwhileException e) {
          // An id of ours came in by another writer: which lines are new is asked again.
          deduplication.forget();
          if (attempt == TRIES) {
            throw new IllegalStateException(
                "Cannot import into %s: other writers keep adding the same events. Import again when they have ended."
                    .formatted(lakeRoot),
                e);
          }
        }
      }
    }
  }

  private Imported write(KeptBatch kept, Set<String> ids) throws ChangedMeanwhileException {
    Judged judged = deduplication.judge(kept);
    List<WrittenFile> files = writeFiles(kept.records(), judged);
    List<WrittenFile> rows = FileJob.of(files, LakeLayout.EVENTS);
    long version = appendRows(rows, ids);
    judged.committed();
    tables.setAside(files);
    Verdicts verdicts = judged.verdicts();
    Map<String, Long> dead = new TreeMap<>(judged.rejected());
    if (verdicts.conflicts() > 0) {
      dead.put(DeadLetterReason.ID_CONFLICT.code(), verdicts.conflicts());
    }
    long added = rows.stream().mapToLong(WrittenFile::rows).sum();
    return new Imported(
        judged.read(),
        added,
        verdicts.duplicates(),
        dead,
        version,
        rows.stream().map(WrittenFile::path).toList());
  }

  private JavaRDD<DecodedRecord> decoded(List<ImportedLine> lines) {
    EventDecoder carried = decoder;
    long millis = importedMillis;
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return context
        .parallelize(lines, context.defaultParallelism())
        .map(
            line ->
                new DecodedRecord(
                    line.place(millis),
                    line.value(),
                    carried.decode(line.value(), new Provenance.Import(millis, ""))));
  }

  private static Iterator<Identity> identity(DecodedRecord record) {
    return record.outcome() instanceof Decoded.Accepted accepted
        ? List.of(new Identity(accepted.event().eventId(), accepted.event().day())).iterator()
        : Collections.emptyIterator();
  }

  private List<WrittenFile> writeFiles(JavaRDD<DecodedRecord> decoded, Judged judged) {
    if (judged.read() == 0) {
      return List.of();
    }
    Set<Line> known = storedLetters(decoded);
    return fileJob.write(
        known.isEmpty()
            ? decoded
            : decoded.filter(
                record ->
                    !known.contains(new Line(record.kafka().topic(), record.kafka().offset()))),
        judged);
  }

  /** Lines that are a letter already, since an earlier import of their file. */
  private Set<Line> storedLetters(JavaRDD<DecodedRecord> decoded) {
    List<String> files = decoded.map(record -> record.kafka().topic()).distinct().collect();
    Set<Line> known = new HashSet<>();
    spark
        .read()
        .format("delta")
        .load(LakeLayout.table(lakeRoot, LakeLayout.DEAD_LETTERS))
        .where(col(LakeLayout.SOURCE_FILE).isin(files.toArray()))
        .where(col(LakeLayout.STAGE).notEqual(DeadLetter.Stage.INDEX.code()))
        .select(LakeLayout.SOURCE_FILE, LakeLayout.SOURCE_LINE)
        .collectAsList()
        .forEach(row -> known.add(new Line(row.getString(0), row.getLong(1))));
    return known;
  }

  /** Adds rows that are still new when the commit succeeds. */
  private long appendRows(List<WrittenFile> rows, Set<String> ids)
      throws ChangedMeanwhileException {
    if (rows.isEmpty()) {
      return tables.version();
    }
    for (int attempt = 1; true; attempt++) {
      TableChanges changes = tables.catchUp();
      if (changes.rewritten() || holdsAny(changes.added(), ids)) {
        throw new ChangedMeanwhileException();
      }
      try {
        return tables.appendRows(rows);
      } catch (ConcurrentWriteException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private boolean holdsAny(List<String> added, Set<String> ids) {
    String[] files = added.stream().filter(this::isOfOurDays).toArray(String[]::new);
    return files.length > 0
        && spark
            .read()
            .parquet(files)
            .select(LakeLayout.EVENT_ID)
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .anyMatch(ids::contains);
  }

  /** What others added on days that are in memory is not in memory. */
  private void forgetIfChanged(TableChanges changes) {
    if (changes.rewritten() || changes.added().stream().anyMatch(this::isOfOurDays)) {
      deduplication.forget();
    }
  }

  /** By the folder that a data file lies in; one of an unknown place may be of any day. */
  private boolean isOfOurDays(String file) {
    Matcher folder = DAY.matcher(file);
    return !folder.find()
        || days.contains(
            LocalDate.of(
                Integer.parseInt(folder.group(1)),
                Integer.parseInt(folder.group(2)),
                Integer.parseInt(folder.group(3))));
  }

  /**
   * What became of some lines: {@code read = rows + duplicates + dead letters}.
   *
   * @param deadLetters by reason; those of lines that were letters already are counted again, and
   *     not stored again
   * @param version of {@code events} in which the rows are
   * @param files the data files with the rows
   */
  public record Imported(
      long read,
      long rows,
      long duplicates,
      Map<String, Long> deadLetters,
      long version,
      List<String> files) {}

  private record Identity(String eventId, LocalDate day) implements Serializable {}

  private record Line(String file, long line) implements Serializable {}

  /** Another writer has added an event of ours since we asked. */
  private static final class ChangedMeanwhileException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
