package io.tributary.benchmark;

import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import io.tributary.time.Timestamps;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

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
  private double first;
  private double slowest;
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

  private DeduplicationResult measure() throws BenchmarkFailedException {
    LakeSink.open(spark, order.lake("with"), List.of(), 1, LOG_CHECKPOINT_INTERVAL).close();
    for (int day = 0; day <= order.coldDays(); day++) {
      fill(DeduplicationBenchmark.DAY.minusDays(day));
    }
    SparkSessions.useThread(spark, "lake");
    long held;
    try (LakeSink sink =
        LakeSink.open(
            spark, order.lake("with"), List.of(), order.remembered(), LOG_CHECKPOINT_INTERVAL)) {
      WithoutDeduplication plain = new WithoutDeduplication(spark, order.lake("without"));
      for (int round = 0; round <= order.rounds(); round++) {
        if (round % 2 == 0) {
          with(sink, round);
          without(plain, round);
        } else {
          without(plain, round);
          with(sink, round);
        }
      }
      if (rows != order.newEvents() || rows + duplicates != ends.records()) {
        throw new BenchmarkFailedException(
            "The figures do not count: %,d rows and %,d duplicates were made of %,d records, of which %,d are new events."
                .formatted(rows, duplicates, ends.records(), order.newEvents()));
      }
      System.gc();
      held = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return new DeduplicationResult(
          order.dayRows(),
          order.coldDays(),
          first,
          with.subList(1, with.size()),
          without.subList(1, without.size()),
          withCpu.subList(1, withCpu.size()),
          withoutCpu.subList(1, withoutCpu.size()),
          slowest,
          held,
          sink.remembered(),
          duplicates);
    }
  }

  private void with(LakeSink sink, int round) {
    double seconds = 0;
    double cpu = cpuSeconds();
    for (int batch = round * order.batches(); batch < (round + 1) * order.batches(); batch++) {
      List<OffsetRange> ranges = ranges(batch);
      long start = System.nanoTime();
      LakeSink.Written written = sink.write(records(ranges), batch, ranges);
      double took = (System.nanoTime() - start) / 1e9;
      seconds += took;
      first = batch == 0 ? took : first;
      slowest = round == 0 ? 0 : Math.max(slowest, took);
      rows += written.commit().rows();
      duplicates += written.commit().duplicates();
      System.out.printf("batch %d: %s, %.2f s%n", batch, written.millis(), took);
    }
    with.add(seconds);
    withCpu.add(cpuSeconds() - cpu);
  }

  private void without(WithoutDeduplication plain, int round) {
    double seconds = 0;
    double cpu = cpuSeconds();
    for (int batch = round * order.batches(); batch < (round + 1) * order.batches(); batch++) {
      List<OffsetRange> ranges = ranges(batch);
      long start = System.nanoTime();
      plain.write(records(ranges), batch, ranges);
      double took = (System.nanoTime() - start) / 1e9;
      seconds += took;
      System.out.printf("batch %d without: %.2f s%n", batch, took);
    }
    without.add(seconds);
    withoutCpu.add(cpuSeconds() - cpu);
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /** An equal share of every partition. */
  private List<OffsetRange> ranges(int batch) {
    int all = order.batchesOfAllRounds();
    return ends.offsets().entrySet().stream()
        .map(
            end ->
                new OffsetRange(
                    order.topic(),
                    end.getKey(),
                    end.getValue() * batch / all,
                    end.getValue() * (batch + 1) / all))
        .toList();
  }

  /** Read as the stream reads, by consumers that stay from batch to batch. */
  private Dataset<Row> records(List<OffsetRange> ranges) {
    return spark
        .read()
        .format("kafka")
        .option("kafka.bootstrap.servers", order.kafka())
        .option("kafka.group.id", "deduplication")
        .option("subscribe", order.topic())
        .option("startingOffsets", offsets(ranges, OffsetRange::from))
        .option("endingOffsets", offsets(ranges, OffsetRange::until))
        .load();
  }

  private String offsets(List<OffsetRange> ranges, ToLongFunction<OffsetRange> bound) {
    ObjectNode topics = Json.object();
    ObjectNode partitions = topics.putObject(order.topic());
    ranges.forEach(
        range -> partitions.put(Integer.toString(range.partition()), bound.applyAsLong(range)));
    return topics.toString();
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
