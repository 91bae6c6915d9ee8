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
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends rows to a table without looking at what is in it: any number of writers may append at the
 * same time, and none is refused because of another, unless both change the same domain.
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
    return rows.isEmpty() ? -1 : commit(written(rows), Optional.empty()).orElseThrow();
  }

  private List<WrittenFile> written(List<T> rows) {
    DataFiles<T> files = new DataFiles<>(layout);
    rows.forEach(files::add);
    return files.write(engine, lakeRoot);
  }

  /**
   * A change of a domain of the table's metadata.
   *
   * @param from what it has to be before; empty when nobody may have set it
   */
  public record DomainChange(String name, Optional<String> from, String to) {}

  /**
   * Adds rows and changes a domain of the table's metadata, all in one commit; nothing when there
   * are no rows.
   *
   * @return whether the domain was as it had to be; when it was not, nothing is added
   */
  public boolean append(List<T> rows, DomainChange change) {
    if (rows.isEmpty()) {
      return true;
    }
    // Before the files are written, which would lie there for nothing.
    if (!domain(change.name()).equals(change.from())) {
      return false;
    }
    return commit(written(rows), Optional.of(change)).isPresent();
  }

  /**
   * Changes a domain of the table's metadata, and adds no rows.
   *
   * @return whether the domain was as it had to be; when it was not, nothing is changed
   */
  public boolean change(DomainChange change) {
    return commit(List.of(), Optional.of(change)).isPresent();
  }

  /** A domain of the table's metadata; empty when nobody has set it. */
  public Optional<String> domain(String name) {
    return snapshot().getDomainMetadata(name);
  }

  /** The version of the commit; empty when the domain was not as it had to be. */
  private OptionalLong commit(List<WrittenFile> files, Optional<DomainChange> change) {
    for (int tried = 1; ; tried++) {
      try {
        Snapshot base = snapshot();
        if (change.isPresent()
            && !base.getDomainMetadata(change.get().name()).equals(change.get().from())) {
          return OptionalLong.empty();
        }
        Map<String, String> domains =
            change.map(domain -> Map.of(domain.name(), domain.to())).orElse(Map.of());
        UpdateTableTransactionBuilder update =
            base.buildUpdateTableTransaction(LakeTable.ENGINE_INFO, Operation.WRITE);
        DomainMetadata.allow(base, update, domains);
        Transaction transaction = update.build(engine);
        // Delta refuses the second of two commits at a time that change one domain.
        domains.forEach(transaction::addDomainMetadata);
        TransactionCommitResult result =
            transaction.commit(engine, AppendActions.of(engine, layout, transaction, files));
        DueLogCheckpoint.write(engine, path, result);
        return OptionalLong.of(result.getVersion());
      } catch (ConcurrentWriteException e) {
        // Kernel itself steps behind other appends; what is left is a change of schema,
        // of features or of the domain.
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
