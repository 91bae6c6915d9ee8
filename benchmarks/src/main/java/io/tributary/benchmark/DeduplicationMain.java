package io.tributary.benchmark;

import static org.apache.spark.sql.functions.lit;

import com.sun.management.OperatingSystemMXBean;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/** The process that measures deduplication: fills the lake, then moves the topic in both ways. */
final class DeduplicationMain {
  private static final int FILL_TASKS = 16;
  private static final int LOG_CHECKPOINT_INTERVAL = 30;

  private final SparkSession spark;
  private final DeduplicationOrder order;
  private final TopicEnds ends;
  private final List<Double> with = new ArrayList<>();
  private final List<Double> without = new ArrayList<>();
  private final List<Double> withCpu = new ArrayList<>();
  private final List<Double> withoutCpu = new ArrayList<>();
  private Map<Integer, Long> done = Map.of();
  private double first;
  private long rows;
  private long duplicates;

  private DeduplicationMain(SparkSession spark, DeduplicationOrder order) {
    this.spark = spark;
    this.order = order;
    this.ends = TopicEnds.of(order.kafka(), order.topic());
  }

  /**
   * The program.
   *
   * @param arguments the file of the {@link DeduplicationOrder}
   */
  public static void main(String[] arguments) throws Exception {
    DeduplicationOrder order = Json.read(Path.of(arguments[0]), DeduplicationOrder.class);
    // The session of the streaming job.
    SparkSession spark = SparkSessions.startInterpreting("deduplication", Map.of());
    Json.write(order.result(), new DeduplicationMain(spark, order).measure());
    System.exit(0);
  }

  private DeduplicationResult measure() throws Exception {
    LakeSink.open(spark, order.lake("with"), List.of(), 1, LOG_CHECKPOINT_INTERVAL).close();
    for (int day = 0; day <= order.coldDays(); day++) {
      fill(DeduplicationBenchmark.DAY.minusDays(day));
    }
    SparkSessions.useThread(spark, "lake");
    try (LakeSink sink =
        LakeSink.open(
            spark, order.lake("with"), List.of(), order.remembered(), LOG_CHECKPOINT_INTERVAL)) {
      WithoutDeduplication plain = new WithoutDeduplication(spark, order.lake("without"));
      StreamingQuery query =
          records()
              .writeStream()
              .option("checkpointLocation", order.checkpoint().toUri().toString())
              .trigger(Trigger.AvailableNow())
              .foreachBatch((Dataset<Row> batch, Long id) -> both(sink, plain, batch, id))
              .start();
      query.awaitTermination();
      if (rows != order.newEvents() || rows + duplicates != ends.records()) {
        throw new BenchmarkFailedException(
            "The figures do not count: %,d rows and %,d duplicates were made of %,d records, of which %,d are new events."
                .formatted(rows, duplicates, ends.records(), order.newEvents()));
      }
      System.gc();
      return new DeduplicationResult(
          order.dayRows(),
          order.coldDays(),
          first,
          with,
          without,
          withCpu,
          withoutCpu,
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          sink.remembered(),
          duplicates);
    }
  }

  /** As the lake query reads; no batch is written before the one before it is. */
  private Dataset<Row> records() {
    return spark
        .readStream()
        .format("kafka")
        .option("kafka.bootstrap.servers", order.kafka())
        .option("subscribe", order.topic())
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", order.batch())
        .load();
  }

  /** Writes a batch in both ways, each of which reads it from Kafka. */
  private void both(LakeSink sink, WithoutDeduplication plain, Dataset<Row> records, long batch)
      throws IOException {
    Map<Integer, Long> until = until(batch);
    List<OffsetRange> ranges =
        until.entrySet().stream()
            .map(
                end ->
                    new OffsetRange(
                        order.topic(),
                        end.getKey(),
                        done.getOrDefault(end.getKey(), 0L),
                        end.getValue()))
            .toList();
    done = until;
    if (batch % 2 == 0) {
      with(sink, records, batch, ranges);
      without(plain, records, batch, ranges);
    } else {
      without(plain, records, batch, ranges);
      with(sink, records, batch, ranges);
    }
  }

  /** Where a batch ends, in the last line of Spark's note of it. */
  private Map<Integer, Long> until(long batch) throws IOException {
    Path note = order.checkpoint().resolve("offsets").resolve(Long.toString(batch));
    List<String> lines = Files.readAllLines(note);
    Map<Integer, Long> until = new TreeMap<>();
    Json.read(lines.get(lines.size() - 1))
        .path(order.topic())
        .properties()
        .forEach(end -> until.put(Integer.parseInt(end.getKey()), end.getValue().asLong()));
    return until;
  }

  private void with(LakeSink sink, Dataset<Row> records, long batch, List<OffsetRange> ranges) {
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    LakeSink.Written written = sink.write(records, batch, ranges, LakeSink.ReadCheck.NONE);
    double took = (System.nanoTime() - start) / 1e9;
    rows += written.commit().rows();
    duplicates += written.commit().duplicates();
    if (batch == 0) {
      first = took;
    }
    if (counts(batch)) {
      with.add(took);
      withCpu.add(cpuSeconds() - cpu);
    }
    System.out.printf("batch %d: %s, %.2f s%n", batch, written.millis(), took);
  }

  private void without(
      WithoutDeduplication plain, Dataset<Row> records, long batch, List<OffsetRange> ranges) {
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    plain.write(records, batch, ranges);
    double took = (System.nanoTime() - start) / 1e9;
    if (counts(batch)) {
      without.add(took);
      withoutCpu.add(cpuSeconds() - cpu);
    }
    System.out.printf("batch %d without: %.2f s%n", batch, took);
  }

  /** Not the rest that the last batch may be. */
  private boolean counts(long batch) {
    return batch >= order.warmUp() && batch < order.warmUp() + order.batches();
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /** Gives a day its rows: ids and digests as good as any, the rest as short as may be. */
  private void fill(LocalDate day) {
    if (order.dayRows() == 0) {
      return;
    }
    long start = System.nanoTime();
    String micros =
        "%d + cast(id * (86400000000D / %d) as bigint)"
            .formatted(day.toEpochDay() * Timestamps.MICROS_PER_DAY, order.dayRows());
    String salt = Long.toString(day.toEpochDay());
    SparkSessions.compiling(spark)
        .range(0, order.dayRows(), 1, FILL_TASKS)
        .selectExpr(
            "lower(concat(lpad(hex(xxhash64(id, %s)), 16, '0'), '-', lpad(hex(id), 16, '0'))) AS event_id"
                .formatted(salt),
            "'fill' AS event_type",
            "timestamp_micros(%s) AS ts".formatted(micros),
            "cast(null AS string) AS user_id",
            "cast(null AS string) AS session_id",
            "cast(null AS string) AS params",
            "xxhash64(id, %s, 7) & 9223372036854775807 AS digest".formatted(salt),
            "'fill' AS kafka_topic",
            "0 AS kafka_partition",
            "id AS kafka_offset",
            "timestamp_micros(%s) AS kafka_ts".formatted(micros))
        .withColumn(LakeLayout.YEAR, lit(day.getYear()))
        .withColumn(LakeLayout.MONTH, lit(day.getMonthValue()))
        .withColumn(LakeLayout.DAY, lit(day.getDayOfMonth()))
        .withColumn(LakeLayout.HOUR, org.apache.spark.sql.functions.expr("hour(ts)"))
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .save(LakeLayout.table(order.lake("with"), LakeLayout.EVENTS));
    System.out.printf("%s filled in %.1f s%n", day, (System.nanoTime() - start) / 1_000_000_000.0);
  }
}
