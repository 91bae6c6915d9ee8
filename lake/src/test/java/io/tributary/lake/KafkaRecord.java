package io.tributary.lake;

import io.tributary.lake.table.OffsetRange;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A record as Spark's Kafka source gives it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KafkaRecord(
    byte @Nullable [] value, String topic, int partition, long offset, long timestampMillis) {
  public static final String TOPIC = "events";

  /** 2016-06-20, some days after the events of the tests. */
  public static final long RECEIVED_MILLIS = 1_466_380_800_000L;

  private static final StructType SCHEMA =
      new StructType()
          .add("value", DataTypes.BinaryType)
          .add("topic", DataTypes.StringType)
          .add("partition", DataTypes.IntegerType)
          .add("offset", DataTypes.LongType)
          .add("timestamp", DataTypes.TimestampType);

  /** A record of partition 0, received so many milliseconds after the first as its offset says. */
  public static KafkaRecord at(long offset, String value) {
    return at(0, offset, RECEIVED_MILLIS + offset, value);
  }

  public static KafkaRecord at(int partition, long offset, long timestampMillis, String value) {
    return new KafkaRecord(
        value.getBytes(StandardCharsets.UTF_8), TOPIC, partition, offset, timestampMillis);
  }

  /** An event's JSON text; {@code payload} makes events of one id differ. */
  public static String event(String id, String ts, int payload) {
    return "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"%s\",\"params\":{\"n\":%d}}"
        .formatted(id, ts, payload);
  }

  /** An event of 2016-06-10. */
  public static String event(String id) {
    return event(id, "2016-06-10T01:02:03Z", 1);
  }

  /** A batch of records. */
  public static Dataset<Row> batch(SparkSession spark, List<KafkaRecord> records) {
    List<Row> rows =
        records.stream()
            .map(
                record ->
                    RowFactory.create(
                        record.value(),
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        new Timestamp(record.timestampMillis())))
            .toList();
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** What a batch of exactly these records spans. */
  public static List<OffsetRange> ranges(List<KafkaRecord> records) {
    Map<Integer, long[]> spans = new TreeMap<>();
    for (KafkaRecord record : records) {
      long[] span =
          spans.computeIfAbsent(
              record.partition(), partition -> new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
      span[0] = Math.min(span[0], record.offset());
      span[1] = Math.max(span[1], record.offset() + 1);
    }
    List<OffsetRange> ranges = new ArrayList<>();
    spans.forEach(
        (partition, span) -> ranges.add(new OffsetRange(TOPIC, partition, span[0], span[1])));
    return ranges;
  }
}
