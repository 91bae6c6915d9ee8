package io.tributary.lake.sink;

import io.delta.tables.DeltaTable;
import io.tributary.event.TypedField;
import io.tributary.layout.LakeLayout;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a table that was made earlier the columns of the fields configured since. */
final class EventColumns {
  private static final Logger LOG = LoggerFactory.getLogger(EventColumns.class);

  private EventColumns() {}

  static void addMissing(SparkSession spark, String lakeRoot, List<TypedField> fields) {
    String path = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    if (fields.isEmpty() || !DeltaTable.isDeltaTable(spark, path)) {
      return;
    }
    StructType schema = spark.read().format("delta").load(path).schema();
    for (TypedField field : fields) {
      if (schema.getFieldIndex(field.name()).isEmpty()) {
        spark.sql(
            "ALTER TABLE delta.`%s` ADD COLUMNS (`%s` %s)"
                .formatted(path, field.name(), sqlType(field.type())));
        LOG.info("Added column {} to {}; rows before have null there", field.name(), path);
      }
    }
  }

  private static String sqlType(TypedField.Type type) {
    return switch (type) {
      case STRING -> "STRING";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case TIMESTAMP -> "TIMESTAMP";
      case GEO_POINT -> "STRUCT<lat: DOUBLE, lon: DOUBLE>";
    };
  }
}
