package io.tributary.lake.reindex;

import com.google.common.collect.Iterators;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.TypedField;
import io.tributary.event.TypedValues;
import io.tributary.lake.index.Connector;
import io.tributary.lake.index.DayDocument;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.index.Refusals;
import io.tributary.lake.table.DeadLetter;
import io.tributary.layout.IndexLayout;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Makes the documents of rows of {@code events} again, as the index query makes them of records;
 * typed fields are read anew from {@code params}, by the configuration of today. Writing a row
 * twice changes nothing.
 *
 * <p>Thread-safe: writes do not share anything.
 */
public final class Reindex {
  private final SparkSession spark;
  private final List<TypedField> fields;
  private final Connector connector;
  private final String resource;
  private final String refusalsRoot;

  /**
   * @param refusalsRoot a folder that all tasks can write to, for the documents that are refused
   */
  public Reindex(
      SparkSession spark,
      ElasticsearchSettings elasticsearch,
      List<TypedField> fields,
      String refusalsRoot) {
    this.spark = spark;
    this.fields = List.copyOf(fields);
    this.connector = new Connector(elasticsearch);
    this.resource =
        new IndexLayout(elasticsearch.prefix())
            .eventsPattern()
            .replace("*", "{" + DayDocument.INDEX_DAY + "}");
    this.refusalsRoot = refusalsRoot;
  }

  /**
   * Writes rows; comes back when Elasticsearch has taken or refused every document. Any other
   * failure (Elasticsearch is away, too busy, read-only) is thrown as Spark's, and the rows can be
   * written again.
   *
   * @param rows of {@code events}, or a part of them, with all its columns
   */
  public Reindexed write(Dataset<Row> rows, Existing existing) {
    LongAccumulator read = spark.sparkContext().longAccumulator();
    JavaRDD<StoredRow> stored = StoredRow.of(rows);
    Refusals refusals =
        new Refusals(
            "%s/reindex-%s".formatted(refusalsRoot, UUID.randomUUID()),
            JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
    Map<String, String> options = new HashMap<>(refusals.connectorOptions());
    options.put("es.mapping.id", "event_id");
    options.put("es.write.operation", existing.operation());
    try {
      connector.write(
          stored.coalesce(tasks()).mapPartitions(new ToDocuments(fields, read)), resource, options);
      return new Reindexed(read.value(), letters(stored, refusals));
    } finally {
      refusals.delete();
    }
  }

  /** Half of the slots, as the index query: the other half must be free for the lake. */
  private int tasks() {
    return Math.max(1, spark.sparkContext().defaultParallelism() / 2);
  }

  private static List<DeadLetter> letters(JavaRDD<StoredRow> stored, Refusals refusals) {
    HashMap<Identity, String> reasons = new HashMap<>();
    for (Refusals.Refusal refusal : refusals.read()) {
      reasons.put(
          new Identity(
              refusal.document().path(DayDocument.INDEX_DAY).asText(),
              refusal.document().path("event_id").asText()),
          refusal.reason());
    }
    if (reasons.isEmpty()) {
      return List.of();
    }
    return stored
        .filter(row -> reasons.containsKey(Identity.of(row)))
        .map(row -> letter(row, reasons.getOrDefault(Identity.of(row), "")))
        .collect();
  }

  /** The lake does not have the bytes as received; the canonical event is what they meant. */
  private static DeadLetter letter(StoredRow row, String reason) {
    return new DeadLetter(
        DeadLetterReason.INDEX_REJECTED,
        reason,
        DeadLetter.Stage.INDEX,
        row.event().canonicalJson().getBytes(StandardCharsets.UTF_8),
        row.kafka(),
        row.event().eventId());
  }

  /**
   * What became of rows.
   *
   * @param rows how many were read; each is a document now, or refused. A task that Spark had to
   *     repeat counts its rows again
   * @param refused letters of stage {@code index} for the documents that Elasticsearch refused for
   *     their content; to be added to the lake by the caller, who knows which are there already
   */
  public record Reindexed(long rows, List<DeadLetter> refused) {}

  private record Identity(String day, String eventId) implements Serializable {
    static Identity of(StoredRow row) {
      return new Identity(DayDocument.name(row.event().day()), row.event().eventId());
    }
  }

  private static final class ToDocuments implements FlatMapFunction<Iterator<StoredRow>, String> {
    private static final long serialVersionUID = 1;

    private final List<TypedField> fields;
    private final LongAccumulator read;

    ToDocuments(List<TypedField> fields, LongAccumulator read) {
      this.fields = fields;
      this.read = read;
    }

    @Override
    public Iterator<String> call(Iterator<StoredRow> rows) {
      DayDocument documents = new DayDocument(fields);
      TypedValues values = new TypedValues(fields);
      return Iterators.transform(
          rows,
          row -> {
            read.add(1);
            return documents.json(
                row.event(), row.digest(), values.of(row.event().params()), row.kafka());
          });
    }
  }
}
