package io.tributary.lake.table;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
  private static final String ENGINE_INFO = "Tributary";
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
    if (rows.isEmpty()) {
      return -1;
    }
    DataFiles<T> files = new DataFiles<>(layout);
    rows.forEach(files::add);
    return commit(files.write(engine, lakeRoot));
  }

  private long commit(List<WrittenFile> files) {
    for (int tried = 1; ; tried++) {
      try {
        Transaction transaction =
            snapshot().buildUpdateTableTransaction(ENGINE_INFO, Operation.WRITE).build(engine);
        TransactionCommitResult result =
            transaction.commit(engine, AppendActions.of(engine, layout, transaction, files));
        writeLogCheckpointIfDue(result);
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
    try {
      return TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      create();
      return TableManager.loadSnapshot(path).build(engine);
    }
  }

  private void create() {
    try {
      TableManager.buildCreateTableTransaction(path, layout.schema(), ENGINE_INFO)
          .withDataLayoutSpec(
              DataLayoutSpec.partitioned(
                  layout.partitionColumns().stream().map(Column::new).toList()))
          .withTableProperties(properties)
          .build(engine)
          .commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException | ConcurrentWriteException e) {
      LOG.debug("Another writer made {} at the same time", path);
    }
  }

  private void writeLogCheckpointIfDue(TransactionCommitResult result) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHook.PostCommitHookType.CHECKPOINT) {
        try {
          hook.threadSafeInvoke(engine);
        } catch (CheckpointAlreadyExistsException e) {
          LOG.debug("Another writer made the log checkpoint of {}", path);
        } catch (IOException | RuntimeException e) {
          // The rows are in; only the log stays longer until the next one.
          LOG.warn("Cannot write the log checkpoint of {}: {}", path, e.toString(), e);
        }
      }
    }
  }
}
