package io.tributary.lake;

import io.tributary.lake.session.SparkSessions;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** One small Spark session for all tests of a JVM; Spark itself ends it with the JVM. */
public final class TestSpark {
  private TestSpark() {}

  /** The session; the first call starts it. */
  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static final class Holder {
    static final SparkSession SESSION =
        SparkSessions.start(
            "tests",
            Map.of(
                "spark.master", "local[2]",
                "spark.sql.shuffle.partitions", "1",
                "spark.databricks.delta.snapshotPartitions", "1",
                // Compiling a query takes longer than running it over a handful of rows.
                "spark.sql.codegen.wholeStage", "false",
                "spark.sql.codegen.factoryMode", "NO_CODEGEN",
                "spark.ui.showConsoleProgress", "false"));
  }
}
