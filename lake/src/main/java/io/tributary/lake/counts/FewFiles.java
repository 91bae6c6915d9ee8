package io.tributary.lake.counts;

import io.tributary.lake.table.LiveFile;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Reads files of a table whose names are known, as plain Parquet. Spark's own Delta reader first
 * makes the table's state out of its log by several Spark jobs, at every new version; for a few
 * small files that is nearly all the work.
 */
final class FewFiles {
  private static final int MOST_FILES = 1_000;

  private FewFiles() {}

  /**
   * Whether files can be read so.
   *
   * @param mostRecords more rows than these are many
   */
  static boolean are(List<LiveFile> files, long mostRecords) {
    return files.size() <= MOST_FILES
        && files.stream().allMatch(LiveFile::isWhole)
        && files.stream().mapToLong(file -> file.records().orElse(mostRecords)).sum()
            <= mostRecords;
  }

  /**
   * Their rows.
   *
   * @param columns those that are read; none of a partition, which the files do not hold
   */
  static Dataset<Row> read(SparkSession spark, StructType columns, List<LiveFile> files) {
    return files.isEmpty()
        ? spark.createDataFrame(List.of(), columns)
        : spark
            .read()
            .schema(columns)
            // The names are names, whatever characters are in them.
            .option("__globPaths__", "false")
            .parquet(files.stream().map(LiveFile::path).toArray(String[]::new));
  }
}
