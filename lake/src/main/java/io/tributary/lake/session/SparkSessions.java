package io.tributary.lake.session;

import io.tributary.lake.table.LakeEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Makes the Spark session that streaming and batch jobs run in. */
public final class SparkSessions {
  private static final Map<String, String> INTERPRETED =
      Map.of(
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.sql.adaptive.enabled", "false",
          // The files of a few minutes are looked at in the driver, not by a job.
          "spark.sql.sources.parallelPartitionDiscovery.threshold", "1000");

  private static final Map<String, String> COMPILED =
      Map.of(
          "spark.sql.codegen.wholeStage", "true",
          "spark.sql.codegen.factoryMode", "FALLBACK",
          "spark.sql.adaptive.enabled", "true");

  private SparkSessions() {}

  /**
   * A session with our defaults under the user's options. A master given by spark-submit is kept.
   *
   * @param options any Spark option; wins over the defaults
   */
  public static SparkSession start(String name, Map<String, String> options) {
    Map<String, String> all = defaults();
    if (System.getProperty("spark.master") == null) {
      // More slots than cores: the index query's tasks mostly wait for Elasticsearch, and must not
      // keep the lake's from running meanwhile.
      all.put(
          "spark.master", "local[%d]".formatted(2 * Runtime.getRuntime().availableProcessors()));
    }
    all.putAll(options);
    if (all.getOrDefault("spark.master", "").startsWith("local")) {
      // Nothing but this machine needs to reach a driver that has its executors inside.
      all.putIfAbsent("spark.driver.bindAddress", "127.0.0.1");
      all.putIfAbsent("spark.driver.host", "127.0.0.1");
      // On other masters an executor may ask for local files before it has our classes.
      all.putIfAbsent("spark.hadoop.fs.file.impl", LocalFiles.class.getName());
      all.putIfAbsent(
          "spark.hadoop.fs.AbstractFileSystem.file.impl",
          LocalFiles.ForFileContext.class.getName());
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

  /**
   * A session for queries over few rows that come again and again: Spark interprets them, and what
   * Delta asks of its log. To make, compile and warm up Java code for each would take longer than
   * the query, at every batch.
   *
   * @param options any Spark option; wins over the defaults
   */
  public static SparkSession startInterpreting(String name, Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(INTERPRETED);
    all.putAll(options);
    return start(name, all);
  }

  /**
   * A session beside an interpreting one, in the same application, for queries that read so many
   * rows that compiled code pays.
   */
  public static SparkSession compiling(SparkSession spark) {
    SparkSession session = spark.newSession();
    COMPILED.forEach((key, value) -> session.conf().set(key, value));
    return session;
  }

  /**
   * Has the tasks of the jobs that this thread starts interpreted too, where Spark does not hand
   * the session's settings to them; and puts them into a pool.
   */
  public static void useThread(SparkSession spark, String pool) {
    // A pool of its own: the queries share the cores fairly instead of standing in one line.
    spark.sparkContext().setLocalProperty("spark.scheduler.pool", pool);
    INTERPRETED.forEach((key, value) -> spark.sparkContext().setLocalProperty(key, value));
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
    // A batch is kept in parts of some MiB; Spark looks for memory after each, not after sixteen.
    defaults.put("spark.storage.unrollMemoryCheckPeriod", "1");
    // Nor is what has gone to disk held on to until a hundred parts are written.
    defaults.put("spark.serializer.objectStreamReset", "1");
    // The keys of a batch's partition; above it Spark puts a result aside and fetches it again.
    defaults.put("spark.task.maxDirectResultSize", "16m");
    defaults.put("spark.sql.shuffle.partitions", "4");
    defaults.put("spark.databricks.delta.snapshotPartitions", "2");
    defaults.put("spark.sql.parquet.compression.codec", "zstd");
    defaults.put("spark.sql.streaming.numRecentProgressUpdates", "10");
    defaults.put("spark.sql.streaming.minBatchesToRetain", "20");
    return defaults;
  }
}
