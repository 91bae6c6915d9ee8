package io.tributary.lake.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes tables. */
final class NewTable {
  private static final Logger LOG = LoggerFactory.getLogger(NewTable.class);

  private NewTable() {}

  /** The newest version of a table, which is made when it is not there. */
  static Snapshot loadOrCreate(
      Engine engine, String path, TableLayout<?> layout, Map<String, String> properties) {
    try {
      return TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      return create(engine, path, layout, properties);
    }
  }

  /** Makes a table, or takes the one that somebody else has just made. */
  static Snapshot create(
      Engine engine, String path, TableLayout<?> layout, Map<String, String> properties) {
    try {
      TableManager.buildCreateTableTransaction(path, layout.schema(), LakeTable.ENGINE_INFO)
          .withDataLayoutSpec(
              DataLayoutSpec.partitioned(
                  layout.partitionColumns().stream().map(Column::new).toList()))
          .withTableProperties(properties)
          .build(engine)
          .commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException | ConcurrentWriteException e) {
      LOG.debug("Another writer made {} at the same time", path);
    }
    return TableManager.loadSnapshot(path).build(engine);
  }
}
