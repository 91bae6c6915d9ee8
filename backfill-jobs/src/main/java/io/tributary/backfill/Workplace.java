package io.tributary.backfill;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.LakeEngine;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What a job works with: the session, the lake and the index of the configuration.
 *
 * @param run the id of this run
 */
record Workplace(
    String run,
    BackfillConfiguration configuration,
    SparkSession spark,
    Engine engine,
    Clock clock,
    AtomicBoolean stopping) {

  /** Starts a session, or takes the one that is there. */
  static Workplace open(String run, BackfillConfiguration configuration, Clock clock) {
    SparkSession spark = SparkSessions.start("tributary-backfill", configuration.spark());
    Configuration hadoop = new Configuration(spark.sparkContext().hadoopConfiguration());
    hadoop.set("parquet.compression", "zstd");
    return new Workplace(
        run, configuration, spark, LakeEngine.create(hadoop), clock, new AtomicBoolean());
  }

  String lakeRoot() {
    return configuration.lake().root();
  }

  String eventsPath() {
    return LakeLayout.table(lakeRoot(), LakeLayout.EVENTS);
  }

  Reindex reindex() {
    return new Reindex(
        spark,
        configuration.index().settings(),
        configuration.fields(),
        configuration.lake().scratch());
  }

  IndexLetters letters() {
    return new IndexLetters(spark, engine, lakeRoot());
  }

  /**
   * Keeps the letters of refused documents.
   *
   * @return how many are new
   * @throws IOException also when an index was made without our template meanwhile: what such a one
   *     refuses says nothing of the document
   */
  long keep(List<DeadLetter> refused) throws IOException {
    if (refused.isEmpty()) {
      return 0;
    }
    installTemplates();
    return letters().add(refused);
  }

  IndexAdministration administration() {
    return new IndexAdministration(configuration.index().settings());
  }

  /** Sees to it that day indices that have to be made get their mappings. */
  void installTemplates() throws IOException {
    try (IndexAdministration administration = administration()) {
      administration.installEvents(configuration.fields());
    }
  }

  /**
   * Gives a job that was told to stop the place to do so.
   *
   * @param remedy how to go on later
   */
  void stopIfTold(String remedy) throws StoppedException {
    if (stopping.get()) {
      throw new StoppedException(remedy);
    }
  }

  /** Tells the job to stop; what Spark is doing is cut off. */
  void stop() {
    stopping.set(true);
    spark.sparkContext().cancelAllJobs();
  }
}
