package io.tributary.lake.audit;

import io.delta.kernel.engine.Engine;
import io.tributary.event.TypedField;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.layout.LakeLayout;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The lake and the index that are compared, and what a repair writes with. */
record AuditPlace(
    SparkSession spark,
    Engine engine,
    ElasticsearchSettings elasticsearch,
    String lakeRoot,
    List<TypedField> fields,
    Reindex reindex,
    IndexLetters letters,
    StillOurs index) {

  String eventsPath() {
    return LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
  }

  Dataset<Row> events() {
    return spark.read().format("delta").load(eventsPath());
  }

  Dataset<Row> events(long version) {
    return spark.read().format("delta").option("versionAsOf", version).load(eventsPath());
  }
}
