package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.dayofmonth;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.year;

import io.tributary.layout.LakeLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Events to counts: per minute, event type and the configured dimensions. */
public final class CountEvents {
  private final List<String> dimensions;

  /**
   * @param dimensions typed fields by which is counted besides minute and type
   */
  public CountEvents(List<String> dimensions) {
    this.dimensions = List.copyOf(dimensions);
  }

  /**
   * Counts events.
   *
   * @param version of the {@code events} table that these events are of
   */
  public Dataset<Row> apply(Dataset<Row> events, long version) {
    List<Column> keys = new ArrayList<>();
    keys.add(date_trunc("minute", col(LakeLayout.TS)).as(LakeLayout.WINDOW_START));
    keys.add(col(LakeLayout.EVENT_TYPE));
    dimensions.forEach(dimension -> keys.add(col(dimension)));
    Column start = col(LakeLayout.WINDOW_START);
    return events
        .groupBy(keys.toArray(Column[]::new))
        .agg(count(lit(1)).as(LakeLayout.COUNT))
        .withColumn(LakeLayout.EVENTS_VERSION, lit(version))
        .withColumn(LakeLayout.YEAR, year(start))
        .withColumn(LakeLayout.MONTH, month(start))
        .withColumn(LakeLayout.DAY, dayofmonth(start));
  }
}
