package io.tributary.lake.sink;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_millis;

import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
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
   * @param letters up to where the letters are
   * @param duplicates up to where the duplicates are
   */
  static EarlierTry read(
      SparkSession spark,
      String lakeRoot,
      List<OffsetRange> ranges,
      CommittedOffsets rows,
      CommittedOffsets letters,
      CommittedOffsets duplicates) {
    EarlierTry earlier = new EarlierTry();
    between(ranges, rows, duplicates)
        .ifPresent(
            ahead ->
                earlier.add(
                    spark
                        .read()
                        .format("delta")
                        .load(LakeLayout.table(lakeRoot, LakeLayout.DUPLICATES))
                        .where(ahead)
                        .select(
                            col(LakeLayout.KAFKA_TOPIC),
                            col(LakeLayout.KAFKA_PARTITION),
                            col(LakeLayout.KAFKA_OFFSET),
                            millis(),
                            lit(DUPLICATE))
                        .collectAsList()));
    between(ranges, rows, letters)
        .ifPresent(
            ahead ->
                earlier.add(
                    spark
                        .read()
                        .format("delta")
                        .load(LakeLayout.table(lakeRoot, LakeLayout.DEAD_LETTERS))
                        .where(ahead)
                        .where(col(LakeLayout.STAGE).notEqual("index"))
                        .select(
                            col(LakeLayout.KAFKA_TOPIC),
                            col(LakeLayout.KAFKA_PARTITION),
                            col(LakeLayout.KAFKA_OFFSET),
                            millis(),
                            col(LakeLayout.REASON))
                        .collectAsList()));
    return earlier;
  }

  private static Optional<Column> between(
      List<OffsetRange> ranges, CommittedOffsets rows, CommittedOffsets ahead) {
    return ranges.stream()
        .filter(range -> next(ahead, range) > Math.max(range.from(), next(rows, range)))
        .map(
            range ->
                col(LakeLayout.KAFKA_TOPIC)
                    .equalTo(range.topic())
                    .and(col(LakeLayout.KAFKA_PARTITION).equalTo(range.partition()))
                    .and(
                        col(LakeLayout.KAFKA_OFFSET).geq(Math.max(range.from(), next(rows, range))))
                    .and(
                        col(LakeLayout.KAFKA_OFFSET)
                            .lt(Math.min(range.until(), next(ahead, range)))))
        .reduce(Column::or);
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

  private static Column millis() {
    return coalesce(unix_millis(col(LakeLayout.KAFKA_TS)), lit(-1L));
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
