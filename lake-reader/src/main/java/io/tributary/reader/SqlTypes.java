package io.tributary.reader;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.util.Map;
import java.util.stream.Collectors;

/** DuckDB's names of Delta's types, and the quoting of names and texts. */
final class SqlTypes {
  private static final Map<Class<? extends DataType>, String> SIMPLE =
      Map.ofEntries(
          Map.entry(StringType.class, "VARCHAR"),
          Map.entry(LongType.class, "BIGINT"),
          Map.entry(IntegerType.class, "INTEGER"),
          Map.entry(ShortType.class, "SMALLINT"),
          Map.entry(ByteType.class, "TINYINT"),
          Map.entry(DoubleType.class, "DOUBLE"),
          Map.entry(FloatType.class, "FLOAT"),
          Map.entry(BooleanType.class, "BOOLEAN"),
          Map.entry(BinaryType.class, "BLOB"),
          Map.entry(DateType.class, "DATE"),
          Map.entry(TimestampType.class, "TIMESTAMPTZ"),
          Map.entry(TimestampNTZType.class, "TIMESTAMP"));

  private SqlTypes() {}

  static String of(DataType type) {
    String simple = SIMPLE.get(type.getClass());
    if (simple != null) {
      return simple;
    }
    if (type instanceof DecimalType decimal) {
      return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    if (type instanceof StructType struct) {
      return struct.fields().stream()
          .map(field -> name(field.getName()) + " " + of(field.getDataType()))
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
    if (type instanceof ArrayType array) {
      return of(array.getElementType()) + "[]";
    }
    if (type instanceof MapType map) {
      return "MAP(" + of(map.getKeyType()) + ", " + of(map.getValueType()) + ")";
    }
    throw new IllegalArgumentException(
        "Cannot read a column of type " + type + ": this reader does not know the type.");
  }

  /** A quoted name. */
  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A quoted text. */
  static String text(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
