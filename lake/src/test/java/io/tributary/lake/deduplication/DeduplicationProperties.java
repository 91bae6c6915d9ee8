package io.tributary.lake.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.lake.KafkaRecord;
import io.tributary.lake.TestSpark;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.Verdicts.Verdict;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

class DeduplicationProperties {
  private static final StructType ROWS =
      new StructType()
          .add(LakeLayout.EVENT_ID, DataTypes.StringType)
          .add(LakeLayout.DIGEST, DataTypes.LongType)
          .add(LakeLayout.TS, DataTypes.TimestampType)
          .add(LakeLayout.YEAR, DataTypes.IntegerType)
          .add(LakeLayout.MONTH, DataTypes.IntegerType)
          .add(LakeLayout.DAY, DataTypes.IntegerType)
          .add(LakeLayout.HOUR, DataTypes.IntegerType);

  private final SparkSession spark = TestSpark.session();
  private final EventDecoder decoder = new EventDecoder(List.of());

  /** A batch of the stream, or rows of another writer. */
  record Step(Writer writer, List<String> events) {}

  enum Writer {
    STREAM,
    ANOTHER_WHICH_IS_LEARNT,
    ANOTHER_AFTER_WHICH_ALL_IS_FORGOTTEN
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> event =
        Combinators.combine(
                Arbitraries.of("a", "b", "c", "d", "e", "f"),
                Arbitraries.of(
                    "2016-06-08T23:59:59.999999Z",
                    "2016-06-09T00:00:00Z",
                    "2016-06-09T12:00:00.000001Z",
                    "2016-06-10T00:00:00Z"),
                Arbitraries.of(1, 1, 1, 2))
            .as(KafkaRecord::event);
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.just(Writer.STREAM)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Writer.ANOTHER_WHICH_IS_LEARNT)),
                net.jqwik.api.Tuple.of(
                    1, Arbitraries.just(Writer.ANOTHER_AFTER_WHICH_ALL_IS_FORGOTTEN))),
            event.list().ofMinSize(1).ofMaxSize(8))
        .as(Step::new)
        .list()
        .ofSize(5);
  }

  /** None, one filter, some filters, a day exactly, everything. */
  @Provide
  Arbitrary<Long> budgets() {
    return Arbitraries.of(0L, 2_200L, 4_500L, 5_000L, 12_000L, 1L << 30);
  }

  @Provide
  Arbitrary<Integer> shards() {
    return Arbitraries.of(1, 2, 8);
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void however_little_is_remembered_every_record_is_judged_as_by_a_plain_list(
      @ForAll("steps") List<Step> steps,
      @ForAll("budgets") long budget,
      @ForAll("shards") int shards)
      throws IOException {
    Path folder = Files.createTempDirectory("tributary-deduplication-");
    String table = folder.resolve("events").toString();
    try {
      append(table, List.of());
      Deduplication deduplication =
          new Deduplication(
              new LakeLookup(() -> spark.read().format("delta").load(table), days -> true),
              new KnownEvents(budget, 0),
              shards);
      Map<String, Long> plain = new HashMap<>();
      long offset = 0;
      for (Step step : steps) {
        List<DecodedRecord> records = new ArrayList<>();
        for (String event : step.events()) {
          records.add(decode(offset++, event));
        }
        List<Verdict> expected = records.stream().map(record -> judge(plain, record)).toList();
        if (step.writer() == Writer.STREAM) {
          Judged judged;
          try (KeptBatch kept = KeptBatch.of(rdd(records))) {
            judged = deduplication.judge(kept);
          }
          Verdicts.Reader verdicts = judged.verdicts().reader();
          assertThat(records.stream().map(record -> verdicts.of(record.kafka())).toList())
              .isEqualTo(expected);
          append(table, winners(records, expected));
          judged.committed();
        } else {
          Dataset<Row> added = append(table, winners(records, expected));
          if (step.writer() == Writer.ANOTHER_WHICH_IS_LEARNT) {
            deduplication.learn(added);
          } else {
            deduplication.forget();
          }
        }
        assertThat(deduplication.rememberedBytes()).isLessThanOrEqualTo(budget);
      }
    } finally {
      delete(folder);
    }
  }

  private JavaRDD<DecodedRecord> rdd(List<DecodedRecord> records) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(records, 2);
  }

  private DecodedRecord decode(long offset, String event) {
    Provenance.Kafka kafka =
        new Provenance.Kafka(KafkaRecord.TOPIC, 0, offset, KafkaRecord.RECEIVED_MILLIS + offset);
    byte[] value = event.getBytes(StandardCharsets.UTF_8);
    return new DecodedRecord(kafka, value, decoder.decode(value, kafka));
  }

  private static Decoded.Accepted accepted(DecodedRecord record) {
    return (Decoded.Accepted) record.outcome();
  }

  private static Verdict judge(Map<String, Long> plain, DecodedRecord record) {
    Decoded.Accepted accepted = accepted(record);
    Long before =
        plain.putIfAbsent(accepted.event().eventId() + accepted.event().day(), accepted.digest());
    if (before == null) {
      return Verdict.NEW;
    }
    return before == accepted.digest() ? Verdict.DUPLICATE : Verdict.CONFLICT;
  }

  private static List<DecodedRecord> winners(List<DecodedRecord> records, List<Verdict> verdicts) {
    List<DecodedRecord> winners = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      if (verdicts.get(i) == Verdict.NEW) {
        winners.add(records.get(i));
      }
    }
    return winners;
  }

  private Dataset<Row> append(String table, List<DecodedRecord> records) {
    List<Row> rows = new ArrayList<>();
    for (DecodedRecord record : records) {
      Decoded.Accepted accepted = accepted(record);
      Instant ts = Instant.EPOCH.plusNanos(accepted.event().tsMicros() * 1_000);
      LocalDateTime utc = LocalDateTime.ofInstant(ts, ZoneOffset.UTC);
      rows.add(
          RowFactory.create(
              accepted.event().eventId(),
              accepted.digest(),
              Timestamp.from(ts),
              utc.getYear(),
              utc.getMonthValue(),
              utc.getDayOfMonth(),
              utc.getHour()));
    }
    Dataset<Row> added = spark.createDataFrame(rows, ROWS);
    added
        .coalesce(1)
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .partitionBy(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR)
        .save(table);
    return added;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
