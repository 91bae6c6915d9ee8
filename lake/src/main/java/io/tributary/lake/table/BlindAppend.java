package io.tributary.lake.table;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.tributary.layout.LakeLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends rows to a table without looking at what is in it and without a position: any number of
 * writers may append at the same time, and none is refused because of another.
 *
 * <p>Keeps no snapshot between appends, for appends that are seconds or minutes apart.
 *
 * @param <T> what a row is made of
 */
public final class BlindAppend<T> {
  private static final Logger LOG = LoggerFactory.getLogger(BlindAppend.class);
  private static final int MOST_TRIES = 10;

  private final Engine engine;
  private final String lakeRoot;
  private final TableLayout<T> layout;
  private final Map<String, String> properties;
  private final String path;

  /**
   * @param properties of the table, should it have to be made
   */
  public BlindAppend(
      Engine engine, String lakeRoot, TableLayout<T> layout, Map<String, String> properties) {
    this.engine = engine;
    this.lakeRoot = lakeRoot;
    this.layout = layout;
    this.properties = Map.copyOf(properties);
    this.path = LakeLayout.table(lakeRoot, layout.name());
  }

  /** For a table that the stream appends to as well. */
  public static <T> BlindAppend<T> besideTheStream(
      Engine engine, String lakeRoot, TableLayout<T> layout) {
    return new BlindAppend<>(engine, lakeRoot, layout, TableProperties.OF_STREAMED_TABLES);
  }

  /** Makes the table when it is not there. */
  public void createIfAbsent() {
    snapshot();
  }

  /**
   * Adds rows, all in one commit; nothing when there are none.
   *
   * @return the version in which they are; negative when there were none
   * @throws ConcurrentWriteException when other writers change the table's metadata without end
   */
  public long append(List<T> rows) {
    return append(rows, Map.of());
  }

  /**
   * Adds rows and sets domains of the table's metadata, all in one commit; nothing when there are
   * no rows. The last one to set a domain wins.
   *
   * @return the version in which they are; negative when there were none
   */
  public long append(List<T> rows, Map<String, String> domains) {
    if (rows.isEmpty()) {
      return -1;
    }
    DataFiles<T> files = new DataFiles<>(layout);
    rows.forEach(files::add);
    return commit(files.write(engine, lakeRoot), domains);
  }

  /** A domain of the table's metadata; empty when nobody has set it. */
  public Optional<String> domain(String name) {
    return snapshot().getDomainMetadata(name);
  }

  private long commit(List<WrittenFile> files, Map<String, String> domains) {
    for (int tried = 1; ; tried++) {
      try {
        Snapshot base = snapshot();
        UpdateTableTransactionBuilder update =
            base.buildUpdateTableTransaction(LakeTable.ENGINE_INFO, Operation.WRITE);
        DomainMetadata.allow(base, update, domains);
        Transaction transaction = update.build(engine);
        domains.forEach(transaction::addDomainMetadata);
        TransactionCommitResult result =
            transaction.commit(engine, AppendActions.of(engine, layout, transaction, files));
        DueLogCheckpoint.write(engine, path, result);
        return result.getVersion();
      } catch (ConcurrentWriteException e) {
        // Kernel itself steps behind other appends; what is left is a change of schema or features.
        if (tried >= MOST_TRIES) {
          throw e;
        }
        LOG.debug(
            "The metadata of {} changed while {} files were added: again", path, files.size());
      }
    }
  }

  private Snapshot snapshot() {
    return NewTable.loadOrCreate(engine, path, layout, properties);
  }
}
