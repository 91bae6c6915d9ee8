package io.tributary.lake.index;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The copy of the counts in the index. Only the lake counts; this follows it. */
public final class CountsIndex {
  /** Under which id the status index holds how far the counts are copied. */
  public static final String STATUS_DOCUMENT_ID = "counts";

  private static final String INDEX_MONTH = "index_month";
  private static final String ID = "count_id";

  private final Connector connector;
  private final String resource;
  private final String namePrefix;
  private final List<String> dimensions;

  public CountsIndex(ElasticsearchSettings elasticsearch, List<String> dimensions) {
    this.connector = new Connector(elasticsearch);
    this.namePrefix = new IndexLayout(elasticsearch.prefix()).countsPattern().replace("*", "");
    this.resource = namePrefix + "{" + INDEX_MONTH + "}";
    this.dimensions = List.copyOf(dimensions);
  }

  /** The name of the index that a row of {@code event_counts} is copied to. */
  public Column indexOfCount() {
    return concat(lit(namePrefix), month());
  }

  private static Column month() {
    return date_format(col(LakeLayout.WINDOW_START), "yyyy.MM");
  }

  /**
   * Copies rows of {@code event_counts}. The version of the events is the version of the document,
   * so that an older copy never replaces a newer one.
   */
  public void copy(Dataset<Row> counts) {
    List<Column> key = new ArrayList<>();
    key.add(date_format(col(LakeLayout.WINDOW_START), "yyyy-MM-dd'T'HH:mm"));
    key.add(col(LakeLayout.EVENT_TYPE));
    // A null must not be skipped, or two keys could read the same.
    dimensions.forEach(
        dimension -> key.add(coalesce(col(dimension).cast("string"), lit("\u0000"))));
    List<Column> document = new ArrayList<>();
    document.add(month().as(INDEX_MONTH));
    // Event types may be longer than an id may be.
    document.add(sha2(concat_ws("\n", key.toArray(Column[]::new)), 256).as(ID));
    document.add(col(LakeLayout.EVENTS_VERSION));
    document.add(
        date_format(col(LakeLayout.WINDOW_START), "yyyy-MM-dd'T'HH:mm:ss'Z'")
            .as(LakeLayout.WINDOW_START));
    document.add(col(LakeLayout.EVENT_TYPE));
    dimensions.forEach(dimension -> document.add(col(dimension)));
    document.add(col(LakeLayout.COUNT));
    connector.write(
        counts
            .select(to_json(struct(document.toArray(Column[]::new))))
            .toJavaRDD()
            .map(row -> row.getString(0)),
        resource,
        Map.of(
            "es.mapping.id",
            ID,
            "es.mapping.version",
            LakeLayout.EVENTS_VERSION,
            "es.mapping.version.type",
            "external_gte",
            "es.write.operation",
            "index"));
  }
}
