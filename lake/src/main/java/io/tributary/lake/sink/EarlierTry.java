package io.tributary.lake.sink;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_millis;

import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.FilesOfTries;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamTable;
import io.tributary.layout.LakeLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The records that an earlier try has set aside: it committed its letters and duplicates and was
 * cut off before its rows. What was said of a record stays said, whatever the next batch spans:
 * judged again beside other records, a duplicate could become the row, and what had been the row a
 * duplicate that nobody writes down. So these records are left out of the batch and accounted for.
 */
final class EarlierTry implements Serializable {
  private static final String DUPLICATE = "";

  private final HashMap<Coordinates, String> outcomes = new HashMap<>();

  private EarlierTry() {}

  /**
   * Reads what was set aside within the ranges of a batch; reads nothing when no try was cut off.
   *
   * @param rows up to where the rows are committed
   */
  static EarlierTry read(
      SparkSession spark, List<OffsetRange> ranges, CommittedOffsets rows, StreamedTables tables) {
    EarlierTry earlier = new EarlierTry();
    Map<String, Long> aside = tables.events().aside();
    for (Dataset<Row> found : ahead(spark, ranges, rows, aside, tables.duplicates())) {
      earlier.add(found.select(coordinates(lit(DUPLICATE))).collectAsList());
    }
    for (Dataset<Row> found : ahead(spark, ranges, rows, aside, tables.letters())) {
      earlier.add(
          found
              .where(col(LakeLayout.STAGE).notEqual(DeadLetter.Stage.INDEX.code()))
              .select(coordinates(col(LakeLayout.REASON)))
              .collectAsList());
    }
    return earlier;
  }

  /**
   * What a table holds of the ranges that the rows have not reached.
   *
   * @param aside by table, the version up to which everything in it is of batches whose rows are
   *     committed
   */
  private static List<Dataset<Row>> ahead(
      SparkSession spark,
      List<OffsetRange> ranges,
      CommittedOffsets rows,
      Map<String, Long> aside,
      StreamTable<?> table) {
    List<OffsetRange> open =
        ranges.stream()
            .map(range -> between(range, rows, table.committed()))
            .filter(range -> range.size() > 0)
            .toList();
    if (open.isEmpty()) {
      return List.of();
    }
    Long settled = aside.get(table.table().name());
    Optional<FilesOfTries> files = settled == null ? Optional.empty() : table.filesAfter(settled);
    if (files.isEmpty()) {
      // All of the table, where Kafka's time tells what is of the batch.
      Dataset<Row> all = spark.read().format("delta").load(table.table().path());
      return List.of(all.where(anyOf(open)));
    }
    Map<List<String>, List<OffsetRange>> byFiles = new HashMap<>();
    for (OffsetRange range : open) {
      List<String> own = files.get().of(range.topic(), range.partition());
      if (!own.isEmpty()) {
        byFiles.computeIfAbsent(own, absent -> new ArrayList<>()).add(range);
      }
    }
    List<Dataset<Row>> found = new ArrayList<>();
    byFiles.forEach(
        (own, of) -> found.add(spark.read().parquet(own.toArray(String[]::new)).where(anyOf(of))));
    return found;
  }

  private static OffsetRange between(
      OffsetRange range, CommittedOffsets rows, CommittedOffsets ahead) {
    long from = Math.max(range.from(), next(rows, range));
    return new OffsetRange(
        range.topic(),
        range.partition(),
        from,
        Math.max(from, Math.min(range.until(), next(ahead, range))));
  }

  private static Column anyOf(List<OffsetRange> ranges) {
    return ranges.stream()
        .map(
            range ->
                col(LakeLayout.KAFKA_TOPIC)
                    .equalTo(range.topic())
                    .and(col(LakeLayout.KAFKA_PARTITION).equalTo(range.partition()))
                    .and(col(LakeLayout.KAFKA_OFFSET).geq(range.from()))
                    .and(col(LakeLayout.KAFKA_OFFSET).lt(range.until())))
        .reduce(Column::or)
        .orElseThrow();
  }

  private static long next(CommittedOffsets offsets, OffsetRange range) {
    return offsets.next(range.topic(), range.partition());
  }

  private void add(List<Row> found) {
    found.forEach(
        row ->
            outcomes.put(
                new Coordinates(row.getString(0), row.getInt(1), row.getLong(2), row.getLong(3)),
                row.getString(4)));
  }

  private static Column[] coordinates(Column outcome) {
    return new Column[] {
      col(LakeLayout.KAFKA_TOPIC),
      col(LakeLayout.KAFKA_PARTITION),
      col(LakeLayout.KAFKA_OFFSET),
      coalesce(unix_millis(col(LakeLayout.KAFKA_TS)), lit(-1L)),
      outcome
    };
  }

  /**
   * Keeps what is of this batch. A topic that was deleted and made again has the same offsets; what
   * was set aside of the old one is told apart by its Kafka time.
   */
  void keepOnly(JavaRDD<DecodedRecord> batch) {
    if (!outcomes.isEmpty()) {
      outcomes.keySet().retainAll(new HashSet<>(batch.map(Coordinates::of).collect()));
    }
  }

  /** The batch without these records. */
  JavaRDD<DecodedRecord> leftOutOf(JavaRDD<DecodedRecord> batch) {
    return outcomes.isEmpty()
        ? batch
        : batch.filter(record -> !outcomes.containsKey(Coordinates.of(record)));
  }

  /** How many records. */
  long records() {
    return outcomes.size();
  }

  /** How many of them are duplicates. */
  long duplicates() {
    return outcomes.values().stream().filter(DUPLICATE::equals).count();
  }

  /** How many of them are letters, by reason. */
  Map<String, Long> deadLetters() {
    Map<String, Long> letters = new TreeMap<>();
    outcomes.values().stream()
        .filter(reason -> !reason.equals(DUPLICATE))
        .forEach(reason -> letters.merge(reason, 1L, Long::sum));
    return letters;
  }

  private record Coordinates(String topic, int partition, long offset, long millis)
      implements Serializable {
    static Coordinates of(DecodedRecord record) {
      return new Coordinates(
          record.kafka().topic(),
          record.kafka().partition(),
          record.kafka().offset(),
          record.kafka().timestampMillis());
    }
  }
}
