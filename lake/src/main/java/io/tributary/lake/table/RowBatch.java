package io.tributary.lake.table;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.StructType;
import io.tributary.event.GeoPoint;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as Delta's writer wants them, column by column, without copying anything. */
final class RowBatch<T> implements ColumnarBatch {
  private final List<T> rows;
  private final StructType schema;
  private final List<Column<T>> columns;

  RowBatch(TableLayout<T> layout, List<T> rows) {
    this.rows = rows;
    this.schema = layout.fileSchema();
    this.columns = layout.columns();
  }

  @Override
  public StructType getSchema() {
    return schema;
  }

  @Override
  public ColumnVector getColumnVector(int ordinal) {
    Column<T> column = columns.get(ordinal);
    return new Vector<>(column.type(), column.value(), rows);
  }

  @Override
  public int getSize() {
    return rows.size();
  }

  private record Vector<T>(DataType type, Function<T, @Nullable Object> value, List<T> rows)
      implements ColumnVector {
    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return rows.size();
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
      return value.apply(rows.get(row)) == null;
    }

    @Override
    public boolean getBoolean(int row) {
      return (Boolean) at(row);
    }

    @Override
    public int getInt(int row) {
      return (Integer) at(row);
    }

    @Override
    public long getLong(int row) {
      return (Long) at(row);
    }

    @Override
    public double getDouble(int row) {
      return (Double) at(row);
    }

    @Override
    public byte[] getBinary(int row) {
      return (byte[]) at(row);
    }

    @Override
    public String getString(int row) {
      return (String) at(row);
    }

    @Override
    public ColumnVector getChild(int ordinal) {
      // The only struct is a geo point: (lat, lon).
      Function<T, @Nullable Object> child =
          row -> {
            GeoPoint point = (GeoPoint) value.apply(row);
            if (point == null) {
              return null;
            }
            return ordinal == 0 ? point.lat() : point.lon();
          };
      return new Vector<>(DoubleType.DOUBLE, child, rows);
    }

    private Object at(int row) {
      return Objects.requireNonNull(value.apply(rows.get(row)));
    }
  }
}
