package io.tributary.lake;

import io.tributary.layout.LakeLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The tables of a lake, as Spark's own Delta reader sees them. */
public final class LakeTables {
  private final Path root;

  /**
   * @param root a folder of this machine
   */
  public LakeTables(Path root) {
    this.root = root;
  }

  /** The root as the sinks want it. */
  public String uri() {
    return "file://" + root;
  }

  public Dataset<Row> table(String name) {
    return TestSpark.session().read().format("delta").load(LakeLayout.table(uri(), name));
  }

  /** {@code id@partition:offset} of every row, sorted. */
  public List<String> rows() {
    return texts("events", "concat(event_id, '@', kafka_partition, ':', kafka_offset)");
  }

  /** {@code id@partition:offset} of every duplicate, sorted. */
  public List<String> duplicates() {
    return texts("duplicates", "concat(event_id, '@', kafka_partition, ':', kafka_offset)");
  }

  /** {@code reason@partition:offset} of every letter, sorted. */
  public List<String> letters() {
    return texts("dead_letters", "concat(reason, '@', kafka_partition, ':', kafka_offset)");
  }

  /** Every value of every table, to see whether anything has changed. */
  public List<String> everything() {
    List<String> all = new ArrayList<>();
    for (String table : List.of("events", "duplicates", "dead_letters")) {
      texts(table, "to_json(struct(*))").forEach(row -> all.add(table + " " + row));
    }
    return all;
  }

  /** An expression over every row of a table, as text, sorted. */
  public List<String> texts(String table, String expression) {
    if (!Files.exists(root.resolve(table))) {
      return List.of();
    }
    return table(table).selectExpr(expression).collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }
}
