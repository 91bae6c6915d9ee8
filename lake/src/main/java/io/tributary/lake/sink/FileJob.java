package io.tributary.lake.sink;

import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.Judged;
import io.tributary.lake.deduplication.Verdicts;
import io.tributary.lake.table.WrittenFile;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The Spark job that writes the files of a judged batch, for all three tables at once. Nothing of
 * it is visible before it is committed.
 *
 * @param hadoop with the settings of Parquet
 */
record FileJob(
    SparkSession spark,
    String lakeRoot,
    List<TypedField> fields,
    SerializableConfiguration hadoop) {
  /** Under so many rows a file more costs more than the task it saves. */
  private static final long ROWS_A_FILE = 50_000;

  /** Writes records; they may be fewer than were judged. */
  List<WrittenFile> write(JavaRDD<DecodedRecord> records, Judged judged) {
    if (judged.read() == 0) {
      return List.of();
    }
    Broadcast<Verdicts> verdicts =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(judged.verdicts());
    try {
      int tasks =
          (int)
              Math.min(records.getNumPartitions(), (judged.read() + ROWS_A_FILE - 1) / ROWS_A_FILE);
      return records
          .coalesce(Math.max(1, tasks))
          .mapPartitions(new FileWriting(lakeRoot, fields, hadoop, verdicts))
          .collect();
    } finally {
      verdicts.destroy();
    }
  }

  /** Those of one table. */
  static List<WrittenFile> of(List<WrittenFile> files, String table) {
    return files.stream().filter(file -> file.table().equals(table)).toList();
  }
}
