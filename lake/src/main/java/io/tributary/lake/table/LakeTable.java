package io.tributary.lake.table;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table that is appended to through Delta Kernel: Spark's tasks write the files, the driver
 * commits them. A commit costs one small file and no Spark job, where Spark's own Delta sink costs
 * several; and it may change domains of the table's metadata, of which Delta lets only one of two
 * writers at a time change the same.
 *
 * <p>Not thread-safe: one writer, one instance.
 *
 * @param <T> what a row is made of
 */
public final class LakeTable<T> {
  static final String ENGINE_INFO = "Tributary";

  /** A condition on more is no faster than a look at all files. */
  private static final int MOST_PARTITIONS_NAMED = 100;

  private final Engine engine;
  private final TableLayout<T> layout;
  private final String path;
  private Snapshot snapshot;
  private volatile boolean startFromCheckpoint;

  private LakeTable(Engine engine, TableLayout<T> layout, String path, Snapshot snapshot) {
    this.engine = engine;
    this.layout = layout;
    this.path = path;
    this.snapshot = snapshot;
  }

  /**
   * Opens a table, making it first when it is not there.
   *
   * @throws LakeTableException when a table is there that is not ours
   */
  public static <T> LakeTable<T> open(Engine engine, String lakeRoot, TableLayout<T> layout) {
    String path = LakeLayout.table(lakeRoot, layout.name());
    Snapshot snapshot;
    try {
      snapshot = TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      snapshot = NewTable.create(engine, path, layout, TableProperties.OF_STREAMED_TABLES);
    }
    verify(snapshot, layout, path);
    return new LakeTable<>(engine, layout, path, snapshot);
  }

  /**
   * Checks that a table can hold rows of a layout.
   *
   * @throws LakeTableException when it cannot, with the remedy
   */
  public static <T> void verify(Snapshot snapshot, TableLayout<T> layout, String path) {
    if (!snapshot.getPartitionColumnNames().equals(layout.partitionColumns())) {
      throw new LakeTableException(
          "Cannot use table %s: it is partitioned by %s, not by %s. Point lake.root at an empty folder or at a lake of this program."
              .formatted(path, snapshot.getPartitionColumnNames(), layout.partitionColumns()));
    }
    StructType schema = snapshot.getSchema();
    for (StructField field : layout.schema().fields()) {
      int index = schema.indexOf(field.getName());
      if (index < 0) {
        throw new LakeTableException(
            "Cannot use table %s: it has no column %s. Let the job add it (streaming-aggregator does at its start), or point lake.root elsewhere."
                .formatted(path, field.getName()));
      }
      if (!schema.at(index).getDataType().equivalent(field.getDataType())) {
        throw new LakeTableException(
            "Cannot use table %s: column %s is of type %s, configured is %s. Give the typed field another name."
                .formatted(
                    path, field.getName(), schema.at(index).getDataType(), field.getDataType()));
      }
    }
  }

  /** The version that the next append builds on. */
  public long version() {
    return snapshot.getVersion();
  }

  public String path() {
    return path;
  }

  /** The table's name, as in {@link LakeLayout}. */
  public String name() {
    return layout.name();
  }

  /** A domain of the table's metadata as of {@link #version}; empty when nobody has set it. */
  public Optional<String> domain(String name) {
    return snapshot.getDomainMetadata(name);
  }

  /** The same domain as of the table's newest version. */
  Optional<String> newestDomain(String name) {
    return TableManager.loadSnapshot(path).build(engine).getDomainMetadata(name);
  }

  /**
   * Looks whether somebody else has committed since {@link #version}; if so, later appends build on
   * what they left. Costs one look at one file.
   */
  public boolean catchUp() {
    if (startFromCheckpoint) {
      // The list of commits that a snapshot carries along becomes short again.
      startFromCheckpoint = false;
      long before = version();
      reload();
      return version() > before;
    }
    try {
      engine
          .getFileSystemClient()
          .getFileStatus("%s/_delta_log/%020d.json".formatted(path, version() + 1));
    } catch (IOException e) {
      return false;
    }
    reload();
    return true;
  }

  /** Builds on the newest version from here on. */
  void reload() {
    snapshot = TableManager.loadSnapshot(path).build(engine);
  }

  /** Says, from any thread, that a new checkpoint of the log is there to start from. */
  void startFromCheckpoint() {
    startFromCheckpoint = true;
  }

  /**
   * Makes files part of the table.
   *
   * @param domains what to set in the table's metadata, in the same commit
   * @return the version in which they are
   * @throws ConcurrentWriteException when somebody else has set one of these domains since {@link
   *     #version}
   */
  public long append(List<WrittenFile> files, Map<String, String> domains) {
    Transaction transaction =
        snapshot.buildUpdateTableTransaction(ENGINE_INFO, Operation.STREAMING_UPDATE).build(engine);
    domains.forEach(transaction::addDomainMetadata);
    TransactionCommitResult result =
        transaction.commit(engine, AppendActions.of(engine, layout, transaction, files));
    snapshot =
        result
            .getPostCommitSnapshot()
            .orElseGet(() -> TableManager.loadSnapshot(path).build(engine));
    return result.getVersion();
  }

  /**
   * Takes files out of the table; those that it does not hold any more are passed over.
   *
   * @param domains what to set in the table's metadata, in the same commit
   * @throws ConcurrentWriteException when somebody else has committed since {@link #version}
   */
  void remove(List<SetAside> files, Map<String, String> domains, Clock clock) {
    Set<String> names = files.stream().map(SetAside::name).collect(Collectors.toSet());
    List<Map<String, Literal>> partitions =
        files.stream()
            .map(SetAside::partition)
            .distinct()
            .map(partition -> layout.partitioning().values(partition))
            .toList();
    TableFiles all = new TableFiles(engine, snapshot);
    List<Row> actions =
        (partitions.size() > MOST_PARTITIONS_NAMED ? all.all() : all.in(partitions))
            .stream()
                .filter(live -> names.contains(live.name()))
                .map(live -> live.removal(clock))
                .toList();
    Transaction transaction =
        snapshot
            .buildUpdateTableTransaction(ENGINE_INFO, Operation.STREAMING_UPDATE)
            .withMaxRetries(0)
            .build(engine);
    domains.forEach(transaction::addDomainMetadata);
    try {
      snapshot =
          transaction
              .commit(engine, CloseableIterable.inMemoryIterable(AppendActions.each(actions)))
              .getPostCommitSnapshot()
              .orElseGet(() -> TableManager.loadSnapshot(path).build(engine));
    } catch (MaxCommitRetryLimitReachedException e) {
      throw new ConcurrentWriteException(
          "Cannot take files out of %s: somebody else has committed to it since version %d."
              .formatted(path, snapshot.getVersion()),
          e);
    }
  }

  /**
   * Whether the table has a file in any of these partitions, by its log alone.
   *
   * @param partitions values of partition columns; columns that are left out may have any value
   */
  public boolean holdsAny(List<Map<String, Literal>> partitions) {
    Optional<Predicate> anyOfThem = TableFiles.anyOf(partitions);
    if (anyOfThem.isEmpty()) {
      return false;
    }
    try (CloseableIterator<FilteredColumnarBatch> files =
        snapshot.getScanBuilder().withFilter(anyOfThem.get()).build().getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          if (rows.hasNext()) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of " + path, e);
    }
  }

  /** The snapshot of the newest commit, for work beside the stream. */
  Snapshot snapshot() {
    return snapshot;
  }

  /**
   * Writes a log checkpoint of a snapshot, which makes later readers start faster. Takes up to
   * seconds and may run on any thread, beside appends.
   */
  static void checkpoint(Engine engine, Snapshot snapshot) {
    try {
      snapshot.writeCheckpoint(engine);
    } catch (CheckpointAlreadyExistsException e) {
      // Another writer was first; there is nothing left to do.
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write a log checkpoint of %s: %s. Reads become slower until one succeeds."
              .formatted(snapshot.getPath(), e.getMessage()),
          e);
    }
  }
}
