package io.tributary.streaming;

import io.tributary.lake.session.SparkSessions;
import io.tributary.layout.LakeLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of a lake, as Spark's own Delta reader sees them: in the job's session while one runs
 * in this JVM, else in one of its own.
 */
record TestLake(Path root) {
  static final Map<String, String> SMALL_SPARK =
      Map.of(
          "spark.master", "local[4]",
          "spark.sql.shuffle.partitions", "1",
          "spark.databricks.delta.snapshotPartitions", "1",
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.ui.showConsoleProgress", "false");

  Dataset<Row> table(String name) {
    return SparkSessions.start("tests", SMALL_SPARK)
        .read()
        .format("delta")
        .load(LakeLayout.table("file://" + root, name));
  }

  /** The ids of all rows, sorted; one that is there twice is listed twice. */
  List<String> ids() {
    return texts("events", "event_id");
  }

  /** {@code reason stage event_id} of all letters, sorted. */
  List<String> letters() {
    return texts("dead_letters", "concat_ws(' ', reason, stage, event_id)");
  }

  /** The ids of all duplicates, sorted. */
  List<String> duplicates() {
    return texts("duplicates", "event_id");
  }

  /** An expression over every row, as text, sorted. */
  List<String> texts(String table, String expression) {
    if (!Files.exists(root.resolve(table).resolve("_delta_log/%020d.json".formatted(0)))) {
      return List.of();
    }
    return table(table).selectExpr("string(%s)".formatted(expression)).collectAsList().stream()
        .map(row -> row.isNullAt(0) ? "null" : row.getString(0))
        .sorted()
        .toList();
  }
}
