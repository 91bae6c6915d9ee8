package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import io.delta.kernel.types.StructField;
import io.tributary.event.GeoPoint;
import io.tributary.lake.table.CountRow;
import io.tributary.lake.table.TableLayout;
import io.tributary.lake.table.TableLayouts;
import io.tributary.layout.LakeLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The columns of {@code event_counts}, for Delta Kernel and for Spark. */
final class CountColumns {
  private final List<StructField> dimensions;

  /**
   * @param dimensions the columns of {@code events} that are counted by besides minute and type
   */
  CountColumns(List<StructField> dimensions) {
    this.dimensions = List.copyOf(dimensions);
  }

  TableLayout<CountRow> layout() {
    return TableLayouts.counts(dimensions);
  }

  /** What is read of an event. */
  StructType ofEvents() {
    StructType columns =
        new StructType()
            .add(LakeLayout.TS, DataTypes.TimestampType)
            .add(LakeLayout.EVENT_TYPE, DataTypes.StringType);
    return withDimensions(columns);
  }

  /** What a file of counts holds. */
  StructType ofCounts() {
    return withDimensions(
            new StructType()
                .add(LakeLayout.WINDOW_START, DataTypes.TimestampType)
                .add(LakeLayout.EVENT_TYPE, DataTypes.StringType))
        .add(LakeLayout.COUNT, DataTypes.LongType)
        .add(LakeLayout.EVENTS_VERSION, DataTypes.LongType);
  }

  private StructType withDimensions(StructType columns) {
    StructType all = columns;
    for (StructField dimension : dimensions) {
      all = all.add(dimension.getName(), sparkType(dimension));
    }
    return all;
  }

  /** The type as SQL has it. */
  static String sqlType(StructField column) {
    return column.getDataType() instanceof io.delta.kernel.types.StructType
        ? "struct<lat: double, lon: double>"
        : column.getDataType().toString();
  }

  private static DataType sparkType(StructField column) {
    return DataType.fromDDL(sqlType(column));
  }

  /** Counts in the order in which {@link #row} takes them. */
  Dataset<Row> inOrder(Dataset<Row> counts) {
    List<Column> columns = new ArrayList<>();
    columns.add(unix_micros(col(LakeLayout.WINDOW_START)));
    columns.add(col(LakeLayout.EVENT_TYPE));
    columns.add(col(LakeLayout.COUNT));
    columns.add(col(LakeLayout.EVENTS_VERSION));
    for (StructField dimension : dimensions) {
      Column value = col(dimension.getName());
      columns.add(
          sparkType(dimension).equals(DataTypes.TimestampType) ? unix_micros(value) : value);
    }
    return counts.select(columns.toArray(Column[]::new));
  }

  /** A count out of {@link #inOrder}. */
  CountRow row(Row counts) {
    int first = counts.length() - dimensions.size();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = first; i < counts.length(); i++) {
      values.add(
          counts.get(i) instanceof Row point
              ? new GeoPoint(point.getDouble(0), point.getDouble(1))
              : counts.get(i));
    }
    return new CountRow(
        counts.getLong(0), counts.getString(1), values, counts.getLong(2), counts.getLong(3));
  }
}
