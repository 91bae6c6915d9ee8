package io.tributary.lake.sink;

import com.google.common.collect.Iterators;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Decoded;
import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.Verdicts;
import io.tributary.lake.table.DataFiles;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.Duplicate;
import io.tributary.lake.table.EventRow;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.WrittenFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A task's work: every record of the batch goes to the files of exactly one of the three tables.
 * The files are not part of their tables before the driver commits them.
 */
final class FileWriting implements FlatMapFunction<Iterator<DecodedRecord>, WrittenFile> {
  private static final long serialVersionUID = 1;

  /** Of the records' values, for each task. */
  private static final long MOST_BYTES_GATHERED = 64 << 20;

  /** So many records are brought into the processor's cache one right after the other. */
  private static final int BLOCK = 16;

  private final String lakeRoot;
  private final List<TypedField> fields;
  private final SerializableConfiguration hadoop;
  private final Broadcast<Verdicts> verdicts;

  /** Of no meaning: only keeps the compiler from leaving out what gives it. */
  private transient long touched;

  FileWriting(
      String lakeRoot,
      List<TypedField> fields,
      SerializableConfiguration hadoop,
      Broadcast<Verdicts> verdicts) {
    this.lakeRoot = lakeRoot;
    this.fields = List.copyOf(fields);
    this.hadoop = hadoop;
    this.verdicts = verdicts;
  }

  @Override
  public Iterator<WrittenFile> call(Iterator<DecodedRecord> records) {
    Gathering gathering = new Gathering(fields, verdicts.value().reader());
    Engine engine = DefaultEngine.create(hadoop.value());
    List<WrittenFile> files = new ArrayList<>();
    Iterator<List<DecodedRecord>> blocks = Iterators.partition(records, BLOCK);
    while (blocks.hasNext()) {
      List<DecodedRecord> block = blocks.next();
      touched += touch(block);
      block.forEach(gathering::place);
      if (gathering.bytes >= MOST_BYTES_GATHERED) {
        // A batch is limited by records, not by their size: more files rather than no memory.
        files.addAll(gathering.write(engine, lakeRoot));
      }
    }
    files.addAll(gathering.write(engine, lakeRoot));
    return files.iterator();
  }

  /**
   * Reads what is looked at first of each record. They were decoded a while ago and are in no
   * cache: so the processor waits for many at once, where it would wait for each in turn.
   */
  private static long touch(List<DecodedRecord> block) {
    long sum = 0;
    for (DecodedRecord record : block) {
      sum += record.kafka().offset();
      if (record.outcome() instanceof Decoded.Accepted accepted) {
        sum += accepted.event().tsMicros();
      }
    }
    return sum;
  }

  /** The rows of files to come: every record is in one of the three tables, and in one only. */
  private static final class Gathering {
    private final DataFiles<EventRow> events;
    private final DataFiles<DeadLetter> letters = new DataFiles<>(TableLayouts.deadLetters());
    private final DataFiles<Duplicate> duplicates = new DataFiles<>(TableLayouts.duplicates());
    private final Verdicts.Reader judged;
    private long bytes;

    Gathering(List<TypedField> fields, Verdicts.Reader judged) {
      this.events = new DataFiles<>(TableLayouts.events(fields));
      this.judged = judged;
    }

    void place(DecodedRecord record) {
      bytes += record.raw().length;
      if (record.outcome() instanceof Decoded.Rejected rejected) {
        letters.add(rejected(record, rejected));
      } else if (record.outcome() instanceof Decoded.Accepted accepted) {
        switch (judged.of(record.kafka())) {
          case NEW -> events.add(new EventRow(ImportedLine.record(record.kafka()), accepted));
          case DUPLICATE -> duplicates.add(duplicate(record, accepted));
          case CONFLICT -> letters.add(conflict(record, accepted));
        }
      }
    }

    List<WrittenFile> write(Engine engine, String lakeRoot) {
      List<WrittenFile> files = new ArrayList<>(letters.write(engine, lakeRoot));
      files.addAll(duplicates.write(engine, lakeRoot));
      files.addAll(events.write(engine, lakeRoot));
      bytes = 0;
      return files;
    }
  }

  private static DeadLetter rejected(DecodedRecord record, Decoded.Rejected rejected) {
    return new DeadLetter(
        rejected.reason(),
        rejected.detail(),
        DeadLetter.Stage.DECODE,
        record.raw(),
        ImportedLine.record(record.kafka()),
        rejected.eventId(),
        ImportedLine.line(record.kafka()));
  }

  private static Duplicate duplicate(DecodedRecord record, Decoded.Accepted accepted) {
    return new Duplicate(
        accepted.event().eventId(),
        ImportedLine.record(record.kafka()),
        ImportedLine.line(record.kafka()));
  }

  private static DeadLetter conflict(DecodedRecord record, Decoded.Accepted accepted) {
    return new DeadLetter(
        DeadLetterReason.ID_CONFLICT,
        "another event with this event_id and other content is stored for %s"
            .formatted(accepted.event().day()),
        DeadLetter.Stage.CONFLICT,
        record.raw(),
        ImportedLine.record(record.kafka()),
        accepted.event().eventId(),
        ImportedLine.line(record.kafka()));
  }
}
