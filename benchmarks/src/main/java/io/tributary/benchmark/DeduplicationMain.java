package io.tributary.benchmark;

import static org.apache.spark.sql.functions.lit;

import com.sun.management.OperatingSystemMXBean;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import io.tributary.produce.EventGenerator;
import io.tributary.produce.GeneratorSettings;
import io.tributary.time.Timestamps;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The process that measures deduplication: fills the lake, then lets both sinks write. */
final class DeduplicationMain {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 15);
  private static final long DAY_MICROS = DAY.toEpochDay() * Timestamps.MICROS_PER_DAY;
  private static final double DUPLICATES = 0.02;
  private static final int LATE_OF = 1_000;
  private static final String TOPIC = "measured";
  private static final int PARTITIONS = 4;
  private static final int FILL_TASKS = 16;
  private static final int NO_LOG_CHECKPOINTS = 1_000_000;

  private static final StructType RECORDS =
      new StructType()
          .add("value", DataTypes.BinaryType)
          .add("topic", DataTypes.StringType)
          .add("partition", DataTypes.IntegerType)
          .add("offset", DataTypes.LongType)
          .add("timestamp", DataTypes.TimestampType)
          .add("batch", DataTypes.IntegerType);

  private final SparkSession spark;
  private final DeduplicationOrder order;
  private final List<Double> with = new ArrayList<>();
  private final List<Double> without = new ArrayList<>();
  private final List<Double> withCpu = new ArrayList<>();
  private final List<Double> withoutCpu = new ArrayList<>();
  private double first;
  private double slowest;
  private long duplicates;

  private DeduplicationMain(SparkSession spark, DeduplicationOrder order) {
    this.spark = spark;
    this.order = order;
  }

  /**
   * The program.
   *
   * @param arguments the file of the {@link DeduplicationOrder}
   */
  public static void main(String[] arguments) throws Exception {
    DeduplicationOrder order = Json.read(Path.of(arguments[0]), DeduplicationOrder.class);
    SparkSession spark = SparkSessions.start("deduplication", Map.of());
    Json.write(order.result(), new DeduplicationMain(spark, order).measure());
    System.exit(0);
  }

  private DeduplicationResult measure() throws BenchmarkFailedException {
    makeRecords();
    LakeSink.open(spark, order.lake("with"), List.of(), 1, NO_LOG_CHECKPOINTS).close();
    for (int day = 0; day <= order.coldDays(); day++) {
      fill(DAY.minusDays(day));
    }
    long held;
    try (LakeSink sink =
        LakeSink.open(
            spark, order.lake("with"), List.of(), order.remembered(), NO_LOG_CHECKPOINTS)) {
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

  private void with(LakeSink sink, int round) throws BenchmarkFailedException {
    double seconds = 0;
    double cpu = cpuSeconds();
    for (int batch = round * order.batches(); batch < (round + 1) * order.batches(); batch++) {
      long start = System.nanoTime();
      LakeSink.Written written = sink.write(records(batch), batch, ranges(batch));
      double took = (System.nanoTime() - start) / 1e9;
      seconds += took;
      first = batch == 0 ? took : first;
      slowest = round == 0 ? 0 : Math.max(slowest, took);
      duplicates += written.commit().duplicates();
      if (written.commit().rows() + written.commit().duplicates() != order.batch()
          || written.commit().duplicates() == 0) {
        throw new BenchmarkFailedException(
            "Cannot measure: batch %d became %s, where rows and duplicates alone were expected."
                .formatted(batch, written.commit()));
      }
      System.out.printf("batch %d: %s, %.2f s%n", batch, written.millis(), took);
    }
    with.add(seconds);
    withCpu.add(cpuSeconds() - cpu);
  }

  private void without(WithoutDeduplication plain, int round) {
    double seconds = 0;
    double cpu = cpuSeconds();
    for (int batch = round * order.batches(); batch < (round + 1) * order.batches(); batch++) {
      long start = System.nanoTime();
      plain.write(records(batch), batch, ranges(batch), order.batch());
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

  private Dataset<Row> records(int batch) {
    return spark.read().schema(RECORDS).parquet(order.records() + "/batch=" + batch);
  }

  private List<OffsetRange> ranges(int batch) {
    long each = order.batch() / PARTITIONS;
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new OffsetRange(TOPIC, partition, batch * each, (batch + 1) * each))
        .toList();
  }

  /** All batches as files, so that reading them costs both sinks the same and little. */
  private void makeRecords() {
    List<Part> parts = new ArrayList<>();
    int each = order.batch() / PARTITIONS;
    long stepMicros = 3 * 3_600_000_000L / ((long) order.batchesOfAllRounds() * each);
    for (int batch = 0; batch < order.batchesOfAllRounds(); batch++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        parts.add(new Part(batch, partition, each, stepMicros, order.coldDays()));
      }
    }
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(parts, parts.size())
            .flatMap(Part::rows);
    spark.createDataFrame(rows, RECORDS).write().partitionBy("batch").parquet(order.records());
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
    spark
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

  /** The records of one partition in one batch. */
  private record Part(int batch, int partition, int size, long stepMicros, int coldDays)
      implements Serializable {
    Iterator<Row> rows() {
      GeneratorSettings settings =
          new GeneratorSettings(
              1_000L * batch + partition,
              DAY_MICROS + 8 * 3_600_000_000L + batch * stepMicros * size,
              stepMicros,
              DUPLICATES,
              0,
              0,
              0);
      EventGenerator generator = new EventGenerator(settings);
      Timestamp received = Timestamp.from(DAY.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
      return IntStream.range(0, size)
          .mapToObj(
              i -> {
                byte[] value = generator.next().outgoing().value();
                if (coldDays > 0 && i % LATE_OF == 0) {
                  value = late(i);
                }
                return RowFactory.create(
                    value, TOPIC, partition, (long) batch * size + i, received, batch);
              })
          .iterator();
    }

    private byte[] late(int index) {
      LocalDate day = DAY.minusDays(1 + (index / LATE_OF + batch) % coldDays);
      return "{\"event_id\":\"late-%d-%d-%d\",\"event_type\":\"late\",\"ts\":\"%sT12:00:00Z\"}"
          .formatted(batch, partition, index, day)
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
