package io.tributary.reader;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Delta table by its path. Holds no version: every {@link #snapshot()} is the newest one. */
public final class LakeTable {
  private static final StructType COMMIT_INFO =
      new StructType()
          .add("timestamp", LongType.LONG)
          .add("operation", StringType.STRING)
          .add("userMetadata", StringType.STRING);
  private static final StructType COMMIT_LINE = new StructType().add("commitInfo", COMMIT_INFO);

  private final String path;
  private final Engine engine;
  private final Duck duck;

  LakeTable(String path, Engine engine, Duck duck) {
    this.path = path;
    this.engine = engine;
    this.duck = duck;
  }

  /** Where the table is. */
  public String path() {
    return path;
  }

  /**
   * Whether a Delta table is there now.
   *
   * @throws LakeUnreadableException when the storage does not answer
   */
  public boolean exists() {
    try {
      load();
      return true;
    } catch (LakeUnreadableException e) {
      if (e.getCause() instanceof TableNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The newest version, fixed from now on: later commits do not change what it answers.
   *
   * @throws LakeUnreadableException when there is no table, or it uses a Delta feature this reader
   *     refuses
   */
  public TableSnapshot snapshot() {
    return new TableSnapshot(path, load(), engine, duck);
  }

  /**
   * One version of the table.
   *
   * @throws LakeUnreadableException when there is no table or its log no longer holds the version
   */
  public TableSnapshot snapshotAt(long version) {
    try {
      return new TableSnapshot(
          path, TableManager.loadSnapshot(path).atVersion(version).build(engine), engine, duck);
    } catch (TableNotFoundException e) {
      throw LakeErrors.noTable(path, e);
    } catch (KernelException | IllegalArgumentException e) {
      throw LakeErrors.noSuchVersion(path, version, e);
    } catch (UncheckedIOException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  /**
   * The newest commits, newest first.
   *
   * @param limit how many at most; fewer when the table is younger or its log was cleaned up
   */
  public List<Commit> newestCommits(int limit) {
    Snapshot newest = load();
    List<Commit> commits = new ArrayList<>();
    for (long version = newest.getVersion(); version >= 0 && commits.size() < limit; version--) {
      Optional<Commit> commit = commit(newest, version);
      if (commit.isEmpty()) {
        break;
      }
      commits.add(commit.get());
    }
    return commits;
  }

  private Optional<Commit> commit(Snapshot newest, long version) {
    String file = newest.getPath() + "/_delta_log/" + String.format("%020d.json", version);
    try (CloseableIterator<ColumnarBatch> batches =
        engine
            .getJsonHandler()
            .readJsonFiles(
                Utils.singletonCloseableIterator(FileStatus.of(file, 0, 0)),
                COMMIT_LINE,
                Optional.empty())) {
      while (batches.hasNext()) {
        ColumnarBatch batch = batches.next();
        ColumnVector info = batch.getColumnVector(0);
        for (int row = 0; row < batch.getSize(); row++) {
          if (!info.isNullAt(row)) {
            return Optional.of(commit(info, row, version));
          }
        }
      }
      return Optional.of(new Commit(version, 0, "", null));
    } catch (IOException | RuntimeException e) {
      if (isMissingFile(e)) {
        return Optional.empty();
      }
      throw LakeErrors.unreadable(path, e);
    }
  }

  private static Commit commit(ColumnVector info, int row, long version) {
    ColumnVector timestamp = info.getChild(0);
    ColumnVector operation = info.getChild(1);
    ColumnVector userMetadata = info.getChild(2);
    return new Commit(
        version,
        timestamp.isNullAt(row) ? 0 : timestamp.getLong(row),
        operation.isNullAt(row) ? "" : operation.getString(row),
        userMetadata.isNullAt(row) ? null : userMetadata.getString(row));
  }

  private Snapshot load() {
    try {
      return TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      throw LakeErrors.noTable(path, e);
    } catch (KernelException | UncheckedIOException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  private static boolean isMissingFile(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.io.FileNotFoundException
          || cause instanceof java.nio.file.NoSuchFileException) {
        return true;
      }
    }
    return false;
  }
}
