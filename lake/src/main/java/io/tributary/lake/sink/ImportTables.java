package io.tributary.lake.sink;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.tributary.event.TypedField;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.Duplicate;
import io.tributary.lake.table.EventRow;
import io.tributary.lake.table.FollowedTable;
import io.tributary.lake.table.LakeTable;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableChanges;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.WrittenFile;
import io.tributary.layout.LakeLayout;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The three tables that an import adds to. It has no position there and takes none over: the stream
 * goes on beside it, and only the turnstile of {@code events} keeps the two apart. So the rows come
 * first, and what is set aside when they are in.
 */
record ImportTables(
    FollowedTable<EventRow> events,
    LakeTable<DeadLetter> letters,
    LakeTable<Duplicate> duplicates) {
  /** Opens the tables, making those that are not there. */
  static ImportTables open(
      Engine engine, Configuration hadoop, String lakeRoot, List<TypedField> fields) {
    return new ImportTables(
        FollowedTable.open(engine, hadoop, lakeRoot, TableLayouts.events(fields)),
        LakeTable.open(engine, lakeRoot, TableLayouts.deadLetters()),
        LakeTable.open(engine, lakeRoot, TableLayouts.duplicates()));
  }

  /** The version of {@code events} that the next append builds on. */
  long version() {
    return events.table().version();
  }

  /** Builds on what others have added to {@code events}; says what they did to its rows. */
  TableChanges catchUp() {
    events.table().catchUp();
    return events.changes();
  }

  /**
   * Adds rows.
   *
   * @return the version of {@code events} in which they are
   * @throws ConcurrentWriteException when somebody else appended in the meantime: {@link #catchUp}
   *     tells what
   */
  long appendRows(List<WrittenFile> rows) {
    return events.append(
        rows, Map.of(StreamTable.TURNSTILE, StreamTable.turned("import", version())));
  }

  /** Adds the letters and duplicates among some files. */
  void setAside(List<WrittenFile> files) {
    append(letters, FileJob.of(files, LakeLayout.DEAD_LETTERS));
    append(duplicates, FileJob.of(files, LakeLayout.DUPLICATES));
  }

  private static void append(LakeTable<?> table, List<WrittenFile> files) {
    if (!files.isEmpty()) {
      table.append(files, Map.of());
    }
  }
}
