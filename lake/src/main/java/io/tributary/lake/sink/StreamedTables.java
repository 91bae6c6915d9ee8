package io.tributary.lake.sink;

import io.delta.kernel.engine.Engine;
import io.tributary.event.TypedField;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.Duplicate;
import io.tributary.lake.table.EventRow;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LogCheckpoints;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableChanges;
import io.tributary.lake.table.TableLayout;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.Writer;
import io.tributary.lake.table.WrittenFile;
import io.tributary.layout.LakeLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The three tables that the stream writes to, and the order in which it commits to them: what is
 * set aside first, the rows with the position last.
 *
 * @param events the rows; its position is the stream's
 */
record StreamedTables(
    StreamTable<EventRow> events,
    StreamTable<DeadLetter> letters,
    StreamTable<Duplicate> duplicates) {
  private static final String QUERY = "lake";

  /** Opens the tables, making those that are not there. */
  static StreamedTables open(
      Engine engine, Configuration hadoop, String lakeRoot, List<TypedField> fields) {
    return new StreamedTables(
        open(engine, hadoop, lakeRoot, TableLayouts.events(fields)),
        open(engine, hadoop, lakeRoot, TableLayouts.deadLetters()),
        open(engine, hadoop, lakeRoot, TableLayouts.duplicates()));
  }

  private static <T> StreamTable<T> open(
      Engine engine, Configuration hadoop, String lakeRoot, TableLayout<T> layout) {
    return StreamTable.open(engine, hadoop, lakeRoot, layout, QUERY);
  }

  private List<StreamTable<?>> setAside() {
    return List.of(letters, duplicates);
  }

  /** Makes a job the only one that may write here. */
  void takeOver(Writer writer, List<Gap> gaps, Map<String, String> topicIds) {
    // The rows last: once they are ours, what was set aside before them stands still too.
    setAside().forEach(table -> table.takeOver(writer, gaps, topicIds));
    events.takeOver(writer, gaps, topicIds);
  }

  /**
   * Builds on what others have committed meanwhile. Not right before the commits: a writer that
   * slept meanwhile must be refused by Delta.
   *
   * @return what they did to the rows
   */
  TableChanges catchUp() {
    TableChanges changes = events.catchUp();
    setAside().forEach(StreamTable::catchUp);
    return changes;
  }

  /**
   * Commits a batch.
   *
   * @param done up to where the rows were committed before it
   * @param read how many records are in flight
   * @return the version of {@code events} with its rows
   */
  long commit(List<WrittenFile> files, StreamCommit commit, CommittedOffsets done, long read) {
    if (commitIfAny(letters, files, commit)) {
      Seam.passed(Step.LETTERS_COMMITTED, read);
    }
    if (commitIfAny(duplicates, files, commit)) {
      Seam.passed(Step.DUPLICATES_COMMITTED, read);
    }
    return events.append(
        FileJob.of(files, LakeLayout.EVENTS),
        commit.withAside(settledBy(done.plus(commit.offsets()))));
  }

  private static boolean commitIfAny(
      StreamTable<?> table, List<WrittenFile> files, StreamCommit commit) {
    List<WrittenFile> own = FileJob.of(files, table.table().name());
    if (own.isEmpty()) {
      return false;
    }
    table.append(own, commit);
    return true;
  }

  /**
   * Up to which versions letters and duplicates are all of batches whose rows are committed, once
   * these reach a position. While an earlier try has set aside what lies behind it, as before.
   */
  private Map<String, Long> settledBy(CommittedOffsets rows) {
    Map<String, Long> settled = new TreeMap<>(events.aside());
    for (StreamTable<?> table : setAside()) {
      if (!table.committed().reachesBeyond(rows)) {
        settled.put(table.table().name(), table.version());
      }
    }
    return settled;
  }

  /** Has log checkpoints made that are due. */
  void consider(LogCheckpoints checkpoints) {
    checkpoints.consider(events.table());
    setAside().forEach(table -> checkpoints.consider(table.table()));
  }
}
