package io.tributary.lake.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import com.google.common.collect.Iterators;
import io.tributary.event.DocumentedFields;
import io.tributary.event.GeoPoint;
import io.tributary.event.TypedField;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The typed fields of rows as the lake has them. A field that was configured later is null in the
 * rows of before, and their documents do not have it until {@code reindex} gives it to them.
 */
final class StoredFields {
  private StoredFields() {}

  /** Those of some documents whose typed fields are not what their rows have. */
  static List<AlteredDocuments.Found> notIn(
      LakeSide lake,
      TimeRange range,
      List<TypedField> fields,
      JavaRDD<AlteredDocuments.Found> documents) {
    Dataset<Row> rows = lake.within(range);
    Set<String> columns = new TreeSet<>(List.of(rows.columns()));
    List<Column> selected = new ArrayList<>();
    selected.add(unix_date(col(LakeLayout.TS).cast("date")));
    selected.add(col(LakeLayout.EVENT_ID));
    fields.forEach(field -> selected.add(column(field, columns)));
    Dataset<Row> stored = rows.select(selected.toArray(Column[]::new));
    JavaPairRDD<Key, String> spelled =
        stored
            .toJavaRDD()
            .mapPartitionsToPair(
                some -> {
                  DocumentedFields documented = new DocumentedFields(fields);
                  return Iterators.transform(
                      some,
                      row ->
                          new Tuple2<>(
                              new Key(row.getInt(0), row.getString(1)),
                              documented.spelled(values(row, fields))));
                });
    return documents
        .mapToPair(
            found -> new Tuple2<>(new Key((int) found.set().day().toEpochDay(), found.id()), found))
        .join(spelled)
        .values()
        .filter(pair -> !pair._2().equals(pair._1().fields()))
        .map(Tuple2::_1)
        .collect();
  }

  /** A column that the lake does not have yet is null. */
  private static Column column(TypedField field, Set<String> columns) {
    if (!columns.contains(field.name())) {
      return lit(null);
    }
    return field.type() == TypedField.Type.TIMESTAMP
        ? unix_micros(col(field.name()))
        : col(field.name());
  }

  private static @Nullable Object[] values(Row row, List<TypedField> fields) {
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      Object value = row.get(i + 2);
      values[i] =
          value instanceof Row place ? new GeoPoint(place.getDouble(0), place.getDouble(1)) : value;
    }
    return values;
  }

  private record Key(int day, String eventId) implements Serializable {}
}
