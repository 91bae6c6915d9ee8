package io.tributary.lake.reindex;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.unix_millis;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.layout.LakeLayout;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code events} as the event that it was made of.
 *
 * @param kafka null for an imported event
 */
record StoredRow(Event event, long digest, Provenance.@Nullable Kafka kafka)
    implements Serializable {

  /** The rows of (a part of) the table, in its partitions. */
  static JavaRDD<StoredRow> of(Dataset<Row> events) {
    return events
        .select(
            col(LakeLayout.EVENT_ID),
            col(LakeLayout.EVENT_TYPE),
            unix_micros(col(LakeLayout.TS)),
            col(LakeLayout.USER_ID),
            col(LakeLayout.SESSION_ID),
            col(LakeLayout.PARAMS),
            col(LakeLayout.DIGEST),
            col(LakeLayout.KAFKA_TOPIC),
            col(LakeLayout.KAFKA_PARTITION),
            col(LakeLayout.KAFKA_OFFSET),
            unix_millis(col(LakeLayout.KAFKA_TS)))
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .map(StoredRow::of);
  }

  private static StoredRow of(InternalRow row) {
    Event event =
        new Event(
            row.getUTF8String(0).toString(),
            row.getUTF8String(1).toString(),
            row.getLong(2),
            text(row, 3),
            text(row, 4),
            text(row, 5));
    Provenance.Kafka kafka =
        row.isNullAt(7)
            ? null
            : new Provenance.Kafka(
                row.getUTF8String(7).toString(),
                row.getInt(8),
                row.getLong(9),
                row.isNullAt(10) ? -1 : row.getLong(10));
    return new StoredRow(event, row.getLong(6), kafka);
  }

  private static @Nullable String text(InternalRow row, int column) {
    return row.isNullAt(column) ? null : row.getUTF8String(column).toString();
  }
}
