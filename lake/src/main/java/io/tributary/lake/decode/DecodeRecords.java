package io.tributary.lake.decode;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_millis;

import com.google.common.collect.Iterators;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Decodes records with the columns of Spark's Kafka source ({@code value, topic, partition, offset,
 * timestamp}).
 *
 * <p>The result is an RDD of plain objects rather than a Dataset: a batch is read twice (once to
 * find duplicates, once to write), and keeping references costs nothing where encoding and decoding
 * rows twice would cost as much as the decoding itself.
 */
public final class DecodeRecords implements Serializable {
  private static final byte[] NO_VALUE = {};

  private final EventDecoder decoder;

  public DecodeRecords(List<TypedField> fields) {
    this.decoder = new EventDecoder(fields);
  }

  /** Every record gives exactly one decoded record, in the same order. */
  public JavaRDD<DecodedRecord> apply(Dataset<Row> records) {
    return records
        .select(
            col("value"),
            col("topic"),
            col("partition"),
            col("offset"),
            unix_millis(col("timestamp")))
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(
            rows -> {
              TopicNames topics = new TopicNames();
              return Iterators.transform(rows, row -> decode(row, topics));
            });
  }

  private DecodedRecord decode(InternalRow row, TopicNames topics) {
    Provenance.Kafka kafka =
        new Provenance.Kafka(
            topics.of(row.getUTF8String(1)),
            row.getInt(2),
            row.getLong(3),
            row.isNullAt(4) ? -1 : row.getLong(4));
    byte[] value = row.isNullAt(0) ? null : row.getBinary(0);
    return new DecodedRecord(kafka, value == null ? NO_VALUE : value, decoder.decode(value, kafka));
  }

  /** A partition's records nearly always have one topic: its name is made once. */
  private static final class TopicNames {
    private UTF8String last = UTF8String.EMPTY_UTF8;
    private String name = "";

    String of(UTF8String topic) {
      if (!topic.equals(last)) {
        last = topic.clone();
        name = topic.toString();
      }
      return name;
    }
  }
}
