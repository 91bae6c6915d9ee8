package io.tributary.benchmark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;

import io.tributary.lake.session.SparkSessions;
import io.tributary.layout.LakeLayout;
import io.tributary.streaming.StreamingConfiguration;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What Spark does with nothing of ours: Kafka, from_json, Delta. The same columns and partitions as
 * {@code events}, the same session, the same batches; no validation, no canonical JSON, no
 * deduplication, no dead letters, no counts; a cheaper hash stands in for the digest.
 */
final class BareDelta implements Workload {
  private static final StructType EVENT =
      new StructType()
          .add("event_id", DataTypes.StringType)
          .add("event_type", DataTypes.StringType)
          .add("ts", DataTypes.StringType)
          .add("user_id", DataTypes.StringType)
          .add("session_id", DataTypes.StringType)
          .add("params", DataTypes.StringType);

  /** Seconds, milliseconds or microseconds by size, else ISO-8601. */
  private static final String TS =
      "CASE WHEN n IS NULL THEN CAST(text AS TIMESTAMP)"
          + " WHEN n < 100000000000 THEN timestamp_micros(CAST(n * 1000000 AS BIGINT))"
          + " WHEN n < 100000000000000 THEN timestamp_millis(CAST(n AS BIGINT))"
          + " ELSE timestamp_micros(CAST(n AS BIGINT)) END";

  @Override
  public RunResult move(RunOrder order, RunOrder.Place place) throws Exception {
    StreamingConfiguration shipped = StreamedByJob.configuration(order, place);
    try (SparkSession spark = SparkSessions.start("bare-delta", shipped.spark())) {
      Effort effort = Effort.begin(order);
      StreamingQuery query =
          events(records(spark, order, place, shipped))
              .writeStream()
              .format("delta")
              .option("checkpointLocation", place.checkpoints().toUri().toString())
              .partitionBy(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR)
              .trigger(Trigger.AvailableNow())
              .start(LakeLayout.table(place.lake(), LakeLayout.EVENTS));
      query.awaitTermination();
      return effort.end(LakeProgress.newestCommitMillis(place.lakeFolder()), Map.of());
    }
  }

  private static Dataset<Row> records(
      SparkSession spark,
      RunOrder order,
      RunOrder.Place place,
      StreamingConfiguration configuration) {
    return spark
        .readStream()
        .format("kafka")
        .option("kafka.bootstrap.servers", order.kafka())
        .option("subscribe", place.topic())
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", configuration.lake().maxOffsetsPerTrigger())
        .load();
  }

  private static Dataset<Row> events(Dataset<Row> records) {
    return records
        .select(
            from_json(col("value").cast("string"), EVENT).as("e"),
            expr("xxhash64(value)").as(LakeLayout.DIGEST),
            col("topic"),
            col("partition"),
            col("offset"),
            col("timestamp"))
        .select(
            col("e"),
            col("digest"),
            col("topic"),
            col("partition"),
            col("offset"),
            col("timestamp"),
            expr("e.ts AS text"),
            expr("try_cast(e.ts AS DOUBLE) AS n"))
        .withColumn(LakeLayout.TS, expr(TS))
        .select(
            col("e.event_id"),
            col("e.event_type"),
            col(LakeLayout.TS),
            col("e.user_id"),
            col("e.session_id"),
            col("e.params"),
            col(LakeLayout.DIGEST),
            col("topic").as(LakeLayout.KAFKA_TOPIC),
            col("partition").as(LakeLayout.KAFKA_PARTITION),
            col("offset").as(LakeLayout.KAFKA_OFFSET),
            col("timestamp").as(LakeLayout.KAFKA_TS),
            expr("year(ts) AS year"),
            expr("month(ts) AS month"),
            expr("day(ts) AS day"),
            expr("hour(ts) AS hour"));
  }
}
