package io.tributary.lake.table;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of which a writer replaces some files by others, again and again, without Spark: the
 * files that go and those that come in their place are one commit. A commit is refused when anybody
 * else has committed since the version that it builds on.
 *
 * @param <T> what a row is made of
 */
public final class RewrittenTable<T> {
  /** Log checkpoints of so small a table take no second. */
  private static final Map<String, String> PROPERTIES =
      Map.of("delta.checkpointInterval", "50", "delta.feature.domainMetadata", "supported");

  private final Engine engine;
  private final String lakeRoot;
  private final TableLayout<T> layout;
  private final String path;
  private final Clock clock;
  private Snapshot base;

  private RewrittenTable(
      Engine engine,
      String lakeRoot,
      TableLayout<T> layout,
      String path,
      Clock clock,
      Snapshot base) {
    this.clock = clock;
    this.engine = engine;
    this.lakeRoot = lakeRoot;
    this.layout = layout;
    this.path = path;
    this.base = base;
  }

  /**
   * Opens a table, making it when it is not there.
   *
   * @param clock says since when a file is no longer part of the table: its bytes stay for readers
   *     of older versions until a vacuum
   * @throws LakeTableException when a table is there that cannot hold such rows
   */
  public static <T> RewrittenTable<T> open(
      Engine engine, String lakeRoot, TableLayout<T> layout, Clock clock) {
    String path = LakeLayout.table(lakeRoot, layout.name());
    Snapshot snapshot = NewTable.loadOrCreate(engine, path, layout, PROPERTIES);
    LakeTable.verify(snapshot, layout, path);
    return new RewrittenTable<>(engine, lakeRoot, layout, path, clock, snapshot);
  }

  /** The columns of a table that may not be there. */
  public static Optional<StructType> columns(Engine engine, String path) {
    try {
      return Optional.of(TableManager.loadSnapshot(path).build(engine).getSchema());
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Builds on the newest version from here on. */
  public void catchUp() {
    base = TableManager.loadSnapshot(path).build(engine);
  }

  /** A domain of the table's metadata; empty when nobody has set it. */
  public Optional<String> domain(String name) {
    return base.getDomainMetadata(name);
  }

  /** All files of the version that is built on. */
  public List<LiveFile> files() {
    return new TableFiles(engine, base).all();
  }

  /** The files in any of these partitions. */
  public List<LiveFile> files(List<Map<String, Literal>> partitions) {
    return new TableFiles(engine, base).in(partitions);
  }

  /**
   * Puts rows in the place of files.
   *
   * @param removed files of the version that is built on
   * @param rows in files of their own, one for each list
   * @param domains what to set in the table's metadata, in the same commit
   * @throws ConcurrentWriteException when somebody else has committed since
   */
  public void replace(List<LiveFile> removed, List<List<T>> rows, Map<String, String> domains) {
    List<WrittenFile> written = new ArrayList<>();
    for (List<T> ofOneFile : rows) {
      DataFiles<T> files = new DataFiles<>(layout);
      ofOneFile.forEach(files::add);
      written.addAll(files.write(engine, lakeRoot));
    }
    UpdateTableTransactionBuilder update =
        base.buildUpdateTableTransaction(LakeTable.ENGINE_INFO, Operation.WRITE).withMaxRetries(0);
    DomainMetadata.allow(base, update, domains);
    Transaction transaction = update.build(engine);
    domains.forEach(transaction::addDomainMetadata);
    List<Row> actions = new ArrayList<>();
    for (LiveFile file : removed) {
      actions.add(file.removal(clock));
    }
    try (CloseableIterator<Row> added =
        AppendActions.of(engine, layout, transaction, written).iterator()) {
      added.forEachRemaining(actions::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot replace files of " + path, e);
    }
    TransactionCommitResult result;
    try {
      result =
          transaction.commit(
              engine, CloseableIterable.inMemoryIterable(AppendActions.each(actions)));
    } catch (MaxCommitRetryLimitReachedException e) {
      throw new ConcurrentWriteException(
          "Cannot replace files of %s: somebody else has committed to it since version %d. Try again on the newest version; if this comes again and again, two jobs keep the same table."
              .formatted(path, base.getVersion()),
          e);
    }
    DueLogCheckpoint.write(engine, path, result);
    base =
        result
            .getPostCommitSnapshot()
            .orElseGet(() -> TableManager.loadSnapshot(path).build(engine));
  }
}
