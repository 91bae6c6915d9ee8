package io.tributary.reader;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A Delta table by its path. Holds no version: every {@link #snapshot()} is the newest one. */
public final class LakeTable {
  private static final StructType COMMIT_LINE =
      new StructType()
          .add(
              "commitInfo",
              new StructType().add("timestamp", LongType.LONG).add("operation", StringType.STRING))
          .add(
              "domainMetadata",
              new StructType()
                  .add("domain", StringType.STRING)
                  .add("configuration", StringType.STRING)
                  .add("removed", BooleanType.BOOLEAN))
          .add("add", new StructType().add("path", StringType.STRING));

  /** The clocks of writers and of the storage may differ by so much. */
  private static final long CLOCKS_DIFFER_MILLIS = 60_000;

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

  /**
   * The commit that made a file part of the table; empty when the log no longer holds it. Reads few
   * commits: it looks first where the file's own time points to.
   */
  public Optional<Commit> commitThatAdded(DataFile file) {
    Snapshot newest = load();
    long from = firstCommitAt(newest, file.modifiedMillis() - CLOCKS_DIFFER_MILLIS);
    for (long version = from; version <= newest.getVersion(); version++) {
      Optional<LogFile> commit = read(newest, version);
      if (commit.isPresent() && commit.get().adds(file)) {
        return Optional.of(commit.get().commit);
      }
    }
    for (long version = from - 1; version >= 0; version--) {
      Optional<LogFile> commit = read(newest, version);
      if (commit.isEmpty()) {
        return Optional.empty();
      }
      if (commit.get().adds(file)) {
        return Optional.of(commit.get().commit);
      }
    }
    return Optional.empty();
  }

  /** The first version committed at a time or after it, as far as commits say. */
  private long firstCommitAt(Snapshot newest, long millis) {
    long low = 0;
    long high = newest.getVersion();
    while (low < high) {
      long middle = (low + high) / 2;
      // A commit that was cleaned up is older than all that are there.
      boolean before =
          read(newest, middle).map(file -> file.commit.timestampMillis() < millis).orElse(true);
      if (before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Optional<Commit> commit(Snapshot newest, long version) {
    return read(newest, version).map(file -> file.commit);
  }

  private Optional<LogFile> read(Snapshot newest, long version) {
    String file = newest.getPath() + "/_delta_log/" + String.format("%020d.json", version);
    long timestamp = 0;
    String operation = "";
    Map<String, String> domains = new HashMap<>();
    List<String> added = new ArrayList<>();
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
        ColumnVector domain = batch.getColumnVector(1);
        ColumnVector add = batch.getColumnVector(2);
        for (int row = 0; row < batch.getSize(); row++) {
          if (!info.isNullAt(row)) {
            timestamp = info.getChild(0).isNullAt(row) ? 0 : info.getChild(0).getLong(row);
            operation = info.getChild(1).isNullAt(row) ? "" : info.getChild(1).getString(row);
          }
          if (!domain.isNullAt(row) && !isRemoved(domain, row)) {
            domains.put(domain.getChild(0).getString(row), domain.getChild(1).getString(row));
          }
          if (!add.isNullAt(row)) {
            added.add(add.getChild(0).getString(row));
          }
        }
      }
      return Optional.of(new LogFile(new Commit(version, timestamp, operation, domains), added));
    } catch (IOException | RuntimeException e) {
      if (isMissingFile(e)) {
        return Optional.empty();
      }
      throw LakeErrors.unreadable(path, e);
    }
  }

  private static boolean isRemoved(ColumnVector domain, int row) {
    ColumnVector removed = domain.getChild(2);
    return !removed.isNullAt(row) && removed.getBoolean(row);
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

  /** A file of the log: what the commit says, and the files it added as URIs. */
  private record LogFile(Commit commit, List<String> added) {
    /** By the file's name, which has a UUID in it: its folder can be written in several ways. */
    boolean adds(DataFile file) {
      return added.stream().map(URI::create).map(URI::getPath).anyMatch(isNamedAs(file.path()));
    }

    private static Predicate<String> isNamedAs(String path) {
      String name = name(path);
      return added -> name(added).equals(name);
    }

    private static String name(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }
}
