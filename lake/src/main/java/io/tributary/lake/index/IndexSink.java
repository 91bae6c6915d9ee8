package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Iterators;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Decoded;
import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodeRecords;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.table.DeadLetter;
import io.tributary.layout.IndexLayout;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of Kafka records to the index: one document an event, made only if it is not
 * there. Writing a batch again changes nothing.
 */
public final class IndexSink {
  private final SparkSession spark;
  private final DecodeRecords decode;
  private final List<TypedField> fields;
  private final Connector connector;
  private final String resource;
  private final int bulkEntries;
  private final String rejectionsRoot;

  /**
   * @param rejectionsRoot a folder that all tasks can write to, for the documents that are refused
   */
  public IndexSink(
      SparkSession spark,
      ElasticsearchSettings elasticsearch,
      List<TypedField> fields,
      String rejectionsRoot) {
    this.spark = spark;
    this.decode = new DecodeRecords(fields);
    this.fields = List.copyOf(fields);
    this.connector = new Connector(elasticsearch);
    this.bulkEntries = elasticsearch.bulkEntries();
    this.resource =
        new IndexLayout(elasticsearch.prefix())
            .eventsPattern()
            .replace("*", "{" + DayDocument.INDEX_DAY + "}");
    this.rejectionsRoot = rejectionsRoot;
  }

  /**
   * Writes a batch; comes back when Elasticsearch has taken or refused every document.
   *
   * @param records with the columns of Spark's Kafka source
   */
  public Indexed write(Dataset<Row> records, long batch) {
    LongAccumulator read = spark.sparkContext().longAccumulator();
    LongAccumulator accepted = spark.sparkContext().longAccumulator();
    JavaRDD<DecodedRecord> decoded = decode.apply(records);
    Refusals refusals = refusals(batch);
    refusals.delete();
    Map<String, String> options = new HashMap<>(refusals.connectorOptions());
    options.put("es.mapping.id", "event_id");
    options.put("es.write.operation", Seam.isOn(Guard.CREATE_ONLY) ? "create" : "index");
    connector.write(
        decoded
            .coalesce(tasks())
            .mapPartitions(new ToDocuments(fields, read, accepted, bulkEntries)),
        resource,
        options);
    return new Indexed(read.value(), accepted.value(), refused(decoded, refusals));
  }

  private Refusals refusals(long batch) {
    return new Refusals(
        "%s/batch-%d".formatted(rejectionsRoot, batch),
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
  }

  /**
   * Half of the slots: a task here waits for Elasticsearch most of its time, for ever when that
   * hangs, and the other half must then still be free for the lake.
   */
  private int tasks() {
    return Math.max(1, spark.sparkContext().defaultParallelism() / 2);
  }

  private static List<DeadLetter> refused(JavaRDD<DecodedRecord> decoded, Refusals refusals) {
    HashMap<Coordinates, String> reasons = new HashMap<>();
    for (Refusals.Refusal refusal : refusals.read()) {
      reasons.put(Coordinates.of(refusal.document()), refusal.reason());
    }
    if (reasons.isEmpty()) {
      return List.of();
    }
    // The letters hold the bytes as Kafka has them, not the document that was made of them.
    return decoded
        .filter(record -> reasons.containsKey(Coordinates.of(record)))
        .map(record -> letter(record, reasons.getOrDefault(Coordinates.of(record), "")))
        .collect();
  }

  private static DeadLetter letter(DecodedRecord record, String reason) {
    String eventId =
        record.outcome() instanceof Decoded.Accepted accepted ? accepted.event().eventId() : null;
    return new DeadLetter(
        DeadLetterReason.INDEX_REJECTED,
        reason,
        DeadLetter.Stage.INDEX,
        record.raw(),
        record.kafka(),
        eventId);
  }

  /** Forgets what was written down of a batch, once its letters are in the lake. */
  public void settled(long batch) {
    refusals(batch).delete();
  }

  /**
   * What became of a batch.
   *
   * @param read records read
   * @param accepted events among them, each now a document, or among the refused
   */
  public record Indexed(long read, long accepted, List<DeadLetter> refused) {}

  private record Coordinates(String topic, int partition, long offset) implements Serializable {
    static Coordinates of(DecodedRecord record) {
      return new Coordinates(
          record.kafka().topic(), record.kafka().partition(), record.kafka().offset());
    }

    static Coordinates of(JsonNode document) {
      return new Coordinates(
          document.path("kafka_topic").asText(),
          document.path("kafka_partition").asInt(),
          document.path("kafka_offset").asLong());
    }
  }

  private static final class ToDocuments
      implements org.apache.spark.api.java.function.FlatMapFunction<
          Iterator<DecodedRecord>, String> {
    private static final long serialVersionUID = 1;

    private final List<TypedField> fields;
    private final LongAccumulator read;
    private final LongAccumulator accepted;
    private final int bulkEntries;

    ToDocuments(
        List<TypedField> fields, LongAccumulator read, LongAccumulator accepted, int bulkEntries) {
      this.bulkEntries = bulkEntries;
      this.fields = fields;
      this.read = read;
      this.accepted = accepted;
    }

    @Override
    public Iterator<String> call(Iterator<DecodedRecord> records) {
      DayDocument documents = new DayDocument(fields);
      Iterator<@Nullable String> texts =
          Iterators.transform(records, record -> document(record, documents));
      return new SentInBulks(Iterators.filter(texts, text -> text != null), bulkEntries);
    }

    private @Nullable String document(DecodedRecord record, DayDocument documents) {
      read.add(1);
      if (!(record.outcome() instanceof Decoded.Accepted event)) {
        return null;
      }
      accepted.add(1);
      return documents.json(event.event(), event.digest(), event.typedValues(), record.kafka());
    }
  }
}
