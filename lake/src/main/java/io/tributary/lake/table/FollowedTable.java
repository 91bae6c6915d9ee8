package io.tributary.lake.table;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A table that others append to as well, and up to which version we know what they did to its rows.
 *
 * <p>Not thread-safe: one writer, one instance.
 *
 * @param <T> what a row is made of
 */
public final class FollowedTable<T> {
  private final LakeTable<T> table;
  private final TableLog log;

  /** The version up to which {@link #changes} has told what others did. */
  private long told;

  private FollowedTable(LakeTable<T> table, TableLog log) {
    this.table = table;
    this.log = log;
    this.told = table.version();
  }

  /**
   * Opens a table, making it first when it is not there.
   *
   * @throws LakeTableException when a table is there that is not ours
   */
  public static <T> FollowedTable<T> open(
      Engine engine, Configuration hadoop, String lakeRoot, TableLayout<T> layout) {
    LakeTable<T> table = LakeTable.open(engine, lakeRoot, layout);
    return new FollowedTable<>(table, new TableLog(table.path(), hadoop));
  }

  /** The table itself. */
  public LakeTable<T> table() {
    return table;
  }

  /** What others did to the rows since this was asked, up to the version that we build on. */
  public TableChanges changes() {
    if (told == table.version()) {
      return TableChanges.NONE;
    }
    try {
      TableChanges changes = log.changes(told, table.version());
      told = table.version();
      return changes;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** What the newest batch of a stream said of itself; empty when the log does not tell. */
  Optional<StreamCommit> newestBatch(String query) {
    try {
      return log.newestBatch(query, table.version());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException(
        "Cannot read the log of %s: %s. Check that the lake is reachable."
            .formatted(table.path(), e.getMessage()),
        e);
  }

  /**
   * Makes files part of the table.
   *
   * @param domains what to set in the table's metadata, in the same commit
   * @return the version in which they are
   * @throws ConcurrentWriteException when somebody else has set one of these domains meanwhile
   */
  public long append(List<WrittenFile> files, Map<String, String> domains) {
    long before = table.version();
    long version = table.append(files, domains);
    if (version == before + 1 && told == before) {
      // Nobody came between; what is left to tell otherwise includes our own rows, which is no
      // harm.
      told = version;
    }
    return version;
  }

  /** Nothing is to be told of what was done so far. */
  void passOver() {
    told = table.version();
  }
}
