package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Iterators;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Decoded;
import io.tributary.event.TypedField;
import io.tributary.lake.decode.DecodeRecords;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.table.DeadLetter;
import io.tributary.layout.IndexDocument;
import io.tributary.layout.IndexLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
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
  /** The field that names the day index; the connector reads it from the document. */
  static final String INDEX_DAY = "index_day";

  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;
  private final DecodeRecords decode;
  private final List<TypedField> fields;
  private final Connector connector;
  private final String resource;
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
    this.resource =
        new IndexLayout(elasticsearch.prefix()).eventsPattern().replace("*", "{" + INDEX_DAY + "}");
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
    String folder = "%s/batch-%d".formatted(rejectionsRoot, batch);
    delete(folder);
    connector.write(
        decoded.coalesce(tasks()).mapPartitions(new ToDocuments(fields, read, accepted)),
        resource,
        Map.of(
            "es.mapping.id",
            "event_id",
            "es.write.operation",
            "create",
            "es.write.rest.error.handler.tributary." + BulkRejections.FOLDER,
            folder));
    return new Indexed(read.value(), accepted.value(), refused(decoded, folder));
  }

  /**
   * Half of the slots: a task here waits for Elasticsearch most of its time, for ever when that
   * hangs, and the other half must then still be free for the lake.
   */
  private int tasks() {
    return Math.max(1, spark.sparkContext().defaultParallelism() / 2);
  }

  private List<DeadLetter> refused(JavaRDD<DecodedRecord> decoded, String folder) {
    HashMap<Coordinates, String> reasons = new HashMap<>();
    for (JsonNode line : lines(folder)) {
      String reason = line.path("reason").asText();
      for (Coordinates coordinates : Coordinates.in(line.path("entry").asText())) {
        reasons.put(coordinates, reason);
      }
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

  private List<JsonNode> lines(String folder) {
    List<JsonNode> lines = new ArrayList<>();
    Path path = new Path(folder);
    try {
      FileSystem files = path.getFileSystem(hadoop());
      if (!files.exists(path)) {
        return lines;
      }
      for (FileStatus file : files.listStatus(path)) {
        try (BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(files.open(file.getPath()), StandardCharsets.UTF_8))) {
          String line = reader.readLine();
          while (line != null) {
            lines.add(JSON.readTree(line));
            line = reader.readLine();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read which documents Elasticsearch refused from %s".formatted(folder), e);
    }
    return lines;
  }

  /** Forgets what was written down of a batch, once its letters are in the lake. */
  public void settled(long batch) {
    delete("%s/batch-%d".formatted(rejectionsRoot, batch));
  }

  private void delete(String folder) {
    Path path = new Path(folder);
    try {
      path.getFileSystem(hadoop()).delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + folder, e);
    }
  }

  private Configuration hadoop() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
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

    /** The coordinates in a bulk entry: a line that says what to do, and the document. */
    static List<Coordinates> in(String entry) {
      List<Coordinates> found = new ArrayList<>();
      for (String line : entry.split("\n", -1)) {
        try {
          JsonNode document = JSON.readTree(line);
          if (document != null && document.has("kafka_offset")) {
            found.add(
                new Coordinates(
                    document.path("kafka_topic").asText(),
                    document.path("kafka_partition").asInt(),
                    document.path("kafka_offset").asLong()));
          }
        } catch (IOException e) {
          throw new UncheckedIOException("Cannot read back a refused document", e);
        }
      }
      return found;
    }
  }

  private static final class ToDocuments
      implements org.apache.spark.api.java.function.FlatMapFunction<
          Iterator<DecodedRecord>, String> {
    private static final long serialVersionUID = 1;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy.MM.dd");

    private final List<TypedField> fields;
    private final LongAccumulator read;
    private final LongAccumulator accepted;

    ToDocuments(List<TypedField> fields, LongAccumulator read, LongAccumulator accepted) {
      this.fields = fields;
      this.read = read;
      this.accepted = accepted;
    }

    @Override
    public Iterator<String> call(Iterator<DecodedRecord> records) {
      DayNames days = new DayNames();
      Iterator<@Nullable String> documents =
          Iterators.transform(records, record -> document(record, days));
      return Iterators.filter(documents, document -> document != null);
    }

    private @Nullable String document(DecodedRecord record, DayNames days) {
      read.add(1);
      if (!(record.outcome() instanceof Decoded.Accepted event)) {
        return null;
      }
      accepted.add(1);
      String document =
          IndexDocument.json(
              event.event(), event.digest(), fields, event.typedValues(), record.kafka());
      // First in the document, because the connector stops parsing once it has the day and the id.
      return "{\""
          + INDEX_DAY
          + "\":\""
          + days.of(event.event().day())
          + "\","
          + document.substring(1);
    }

    /** The day's name is nearly always that of the event before. */
    private static final class DayNames {
      private LocalDate last = LocalDate.EPOCH;
      private String name = DAY.format(last);

      String of(LocalDate day) {
        if (!day.equals(last)) {
          last = day;
          name = DAY.format(day);
        }
        return name;
      }
    }
  }
}
