package io.tributary.reader;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** A real table without partitions, written by Delta Kernel: made in version 0, filled in 1. */
final class PlainTable {
  private PlainTable() {}

  @SuppressWarnings("NullAway") // Kernel's vector takes nulls for nulls.
  static void write(Path root, String name, StructType schema, List<List<@Nullable Object>> rows)
      throws IOException {
    Engine engine = DefaultEngine.create(new Configuration());
    String path = LakeLayout.table(root.toString(), name);
    TableManager.buildCreateTableTransaction(path, schema, "test")
        .build(engine)
        .commit(engine, CloseableIterable.emptyIterable());
    ColumnVector[] columns = new ColumnVector[schema.length()];
    for (int i = 0; i < columns.length; i++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (List<@Nullable Object> row : rows) {
        values.add(row.get(i));
      }
      columns[i] = VectorUtils.buildColumnVector(values, schema.at(i).getDataType());
    }
    Transaction transaction =
        TableManager.loadSnapshot(path)
            .build(engine)
            .buildUpdateTableTransaction("test", Operation.WRITE)
            .build(engine);
    Row state = transaction.getTransactionState(engine);
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    List<Row> actions = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> physical =
            Transaction.transformLogicalData(
                engine,
                state,
                Utils.singletonCloseableIterator(
                    new FilteredColumnarBatch(
                        new DefaultColumnarBatch(rows.size(), schema, columns), Optional.empty())),
                Map.of());
        CloseableIterator<DataFileStatus> written =
            engine
                .getParquetHandler()
                .writeParquetFiles(
                    context.getTargetDirectory(), physical, context.getStatisticsColumns());
        CloseableIterator<Row> added =
            Transaction.generateAppendActions(engine, state, written, context)) {
      added.forEachRemaining(actions::add);
    }
    transaction.commit(
        engine, CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
  }
}
