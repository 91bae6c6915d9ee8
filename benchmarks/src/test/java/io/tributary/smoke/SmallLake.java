package io.tributary.smoke;

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
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.EventKey;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** A real Delta table {@code events} with nothing but ids, types, times and the partition. */
final class SmallLake {
  private static final List<String> PARTITION =
      List.of(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR);
  private static final StructType SCHEMA =
      new StructType()
          .add(LakeLayout.EVENT_ID, StringType.STRING)
          .add(LakeLayout.EVENT_TYPE, StringType.STRING)
          .add(LakeLayout.TS, TimestampType.TIMESTAMP)
          .add(LakeLayout.YEAR, IntegerType.INTEGER)
          .add(LakeLayout.MONTH, IntegerType.INTEGER)
          .add(LakeLayout.DAY, IntegerType.INTEGER)
          .add(LakeLayout.HOUR, IntegerType.INTEGER);

  private SmallLake() {}

  /** Writes the table with these rows in one commit. */
  static void write(String root, List<EventKey> rows) throws IOException {
    Engine engine = DefaultEngine.create(new Configuration());
    String path = LakeLayout.table(root, LakeLayout.EVENTS);
    TableManager.buildCreateTableTransaction(path, SCHEMA, "test")
        .withDataLayoutSpec(
            DataLayoutSpec.partitioned(PARTITION.stream().map(Column::new).toList()))
        .build(engine)
        .commit(engine, CloseableIterable.emptyIterable());
    Transaction transaction =
        TableManager.loadSnapshot(path)
            .build(engine)
            .buildUpdateTableTransaction("test", Operation.WRITE)
            .build(engine);
    Row state = transaction.getTransactionState(engine);
    List<Row> actions = new ArrayList<>();
    Map<List<Integer>, List<EventKey>> byHour =
        rows.stream()
            .collect(
                Collectors.groupingBy(SmallLake::hour, LinkedHashMap::new, Collectors.toList()));
    for (Map.Entry<List<Integer>, List<EventKey>> hour : byHour.entrySet()) {
      append(engine, state, hour.getKey(), hour.getValue(), actions);
    }
    transaction.commit(
        engine, CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
  }

  private static void append(
      Engine engine, Row state, List<Integer> hour, List<EventKey> rows, List<Row> actions)
      throws IOException {
    Map<String, Literal> partition = new LinkedHashMap<>();
    for (int i = 0; i < hour.size(); i++) {
      partition.put(PARTITION.get(i), Literal.ofInt(hour.get(i)));
    }
    try (CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine, state, Utils.singletonCloseableIterator(batch(hour, rows)), partition)) {
      DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
      try (CloseableIterator<DataFileStatus> written =
              engine
                  .getParquetHandler()
                  .writeParquetFiles(
                      context.getTargetDirectory(), physical, context.getStatisticsColumns());
          CloseableIterator<Row> added =
              Transaction.generateAppendActions(engine, state, written, context)) {
        added.forEachRemaining(actions::add);
      }
    }
  }

  private static FilteredColumnarBatch batch(List<Integer> hour, List<EventKey> rows) {
    ColumnVector[] columns = new ColumnVector[SCHEMA.length()];
    columns[0] = vector(rows.stream().map(EventKey::eventId).toList(), 0);
    columns[1] = vector(rows.stream().map(EventKey::eventType).toList(), 1);
    columns[2] = vector(rows.stream().map(EventKey::tsMicros).toList(), 2);
    for (int i = 0; i < hour.size(); i++) {
      int value = hour.get(i);
      columns[3 + i] = vector(rows.stream().map(row -> value).toList(), 3 + i);
    }
    return new FilteredColumnarBatch(
        new DefaultColumnarBatch(rows.size(), SCHEMA, columns), Optional.empty());
  }

  private static ColumnVector vector(List<?> values, int column) {
    return VectorUtils.buildColumnVector(values, SCHEMA.at(column).getDataType());
  }

  private static List<Integer> hour(EventKey key) {
    OffsetDateTime time =
        Instant.EPOCH.plus(key.tsMicros(), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    return List.of(time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour());
  }
}
