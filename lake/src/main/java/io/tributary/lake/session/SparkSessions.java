package io.tributary.lake.session;

import io.tributary.lake.table.LakeEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Makes the Spark session that streaming and batch jobs run in. */
public final class SparkSessions {
  private SparkSessions() {}

  /**
   * A session with our defaults under the user's options. A master given by spark-submit is kept.
   *
   * @param options any Spark option; wins over the defaults
   */
  public static SparkSession start(String name, Map<String, String> options) {
    Map<String, String> all = defaults();
    if (System.getProperty("spark.master") == null) {
      // More slots than cores: the index query's tasks mostly wait for Elasticsearch, and while
      // they
      // wait they must not keep the lake's from running.
      all.put(
          "spark.master", "local[%d]".formatted(2 * Runtime.getRuntime().availableProcessors()));
    }
    all.putAll(options);
    if (all.getOrDefault("spark.master", "").startsWith("local")) {
      // Nothing but this machine needs to reach a driver that has its executors inside.
      all.putIfAbsent("spark.driver.bindAddress", "127.0.0.1");
      all.putIfAbsent("spark.driver.host", "127.0.0.1");
    }
    SparkSession.Builder builder = SparkSession.builder().appName(name);
    all.forEach(
        (key, value) -> {
          // What spark-submit was told on its command line stands above our defaults.
          if (System.getProperty(key) == null || options.containsKey(key)) {
            builder.config(key, value);
          }
        });
    return builder.getOrCreate();
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    defaults.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    // Commits on local files, so that a paused writer cannot replace its successor's.
    defaults.putAll(LakeEngine.sparkOptions());
    // Hours and days are cut in UTC, wherever the job runs.
    defaults.put("spark.sql.session.timeZone", "UTC");
    defaults.put("spark.ui.enabled", "false");
    // Two queries and the counts share the cores fairly: none waits for another's whole batch.
    defaults.put("spark.scheduler.mode", "FAIR");
    defaults.put("spark.sql.shuffle.partitions", "4");
    defaults.put("spark.databricks.delta.snapshotPartitions", "2");
    defaults.put("spark.sql.parquet.compression.codec", "zstd");
    defaults.put("spark.sql.streaming.numRecentProgressUpdates", "10");
    defaults.put("spark.sql.streaming.minBatchesToRetain", "20");
    return defaults;
  }
}
