package io.tributary.lake.audit;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import io.tributary.event.RangeDigest;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of {@code events}, as of one version: summed, and looked up by id. */
final class LakeSide {
  /** The column that says whether a row is judged. */
  static final String JUDGED = "_judged";

  private static final int MASK = (1 << 21) - 1;

  private final SparkSession spark;
  private final Dataset<Row> rows;

  LakeSide(SparkSession spark, Dataset<Row> events, JudgedOffsets judged) {
    this.spark = spark;
    this.rows = events.withColumn(JUDGED, judged.rows());
  }

  /** The rows whose time lies in a range, with all their columns; only its hours are read. */
  Dataset<Row> within(TimeRange range) {
    return rows.where(
        folder()
            .geq(folder(range.startMicros()))
            .and(folder().leq(folder(Math.max(range.startMicros(), range.endMicros() - 1))))
            .and(col(LakeLayout.TS).geq(timestamp_micros(lit(range.startMicros()))))
            .and(col(LakeLayout.TS).lt(timestamp_micros(lit(range.endMicros())))));
  }

  /** The partition columns as one number that grows with time. */
  private static Column folder() {
    return col(LakeLayout.YEAR)
        .cast("bigint")
        .multiply(1_000_000)
        .plus(col(LakeLayout.MONTH).multiply(10_000))
        .plus(col(LakeLayout.DAY).multiply(100))
        .plus(col(LakeLayout.HOUR));
  }

  private static long folder(long micros) {
    LocalDateTime hour =
        LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 0, ZoneOffset.UTC);
    return hour.getYear() * 1_000_000L
        + hour.getMonthValue() * 10_000L
        + hour.getDayOfMonth() * 100L
        + hour.getHour();
  }

  /** Sums by the start of each piece of time, in microseconds; only where there is something. */
  TreeMap<Long, RowSums> sums(TimeRange range, Grain grain) {
    return sums(within(range), grain);
  }

  /** The same of those rows alone whose documents were refused. */
  TreeMap<Long, RowSums> refused(TimeRange range, Grain grain, Dataset<Row> refused) {
    return sums(onlyRefused(within(range), refused), grain);
  }

  private static Dataset<Row> onlyRefused(Dataset<Row> rows, Dataset<Row> refused) {
    Dataset<Row> identities =
        broadcast(
            refused.select(
                col(IndexLetters.EVENT_DAY).as("refused_day"),
                col(LakeLayout.EVENT_ID).as("refused_id")));
    return rows.join(
        identities,
        unix_date(col(LakeLayout.TS).cast("date"))
            .equalTo(col("refused_day"))
            .and(col(LakeLayout.EVENT_ID).equalTo(col("refused_id"))),
        "left_semi");
  }

  private static TreeMap<Long, RowSums> sums(Dataset<Row> rows, Grain grain) {
    Column micros = unix_micros(col(LakeLayout.TS));
    Column digest = col(LakeLayout.DIGEST);
    TreeMap<Long, RowSums> sums = new TreeMap<>();
    rows.select(micros.minus(pmod(micros, lit(grain.micros()))).as("start"), digest, col(JUDGED))
        .groupBy("start", JUDGED)
        .agg(
            count(lit(1)),
            sum(digest.bitwiseAND(MASK)),
            sum(shiftright(digest, 21).bitwiseAND(MASK)),
            sum(shiftright(digest, 42).bitwiseAND(MASK)))
        .collectAsList()
        .forEach(
            row -> {
              RangeDigest part =
                  new RangeDigest(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
              RowSums before = sums.getOrDefault(row.getLong(0), RowSums.NONE);
              sums.put(
                  row.getLong(0),
                  row.getBoolean(1)
                      ? new RowSums(part, before.open())
                      : new RowSums(before.judged(), part));
            });
    return sums;
  }

  /** Ids of the rows of a range; the caller sees to it that they are not too many. */
  Ids ids(TimeRange range) {
    return ids(within(range));
  }

  /** The same of those rows alone whose documents were refused. */
  Ids refusedIds(TimeRange range, Dataset<Row> refused) {
    return ids(onlyRefused(within(range), refused));
  }

  private static Ids ids(Dataset<Row> rows) {
    Ids ids = new Ids(new HashMap<>(), new HashSet<>(), new ArrayList<>());
    for (Row row :
        rows.select(col(LakeLayout.EVENT_ID), col(LakeLayout.DIGEST), col(JUDGED))
            .collectAsList()) {
      String id = row.getString(0);
      if (ids.digests().put(id, row.getLong(1)) != null) {
        ids.doubled().add(id);
      }
      if (!row.getBoolean(2)) {
        ids.open().add(id);
      }
    }
    return ids;
  }

  /**
   * Ids of rows.
   *
   * @param digests by id
   * @param open ids of rows that are not judged
   * @param doubled ids that more than one row has
   */
  record Ids(Map<String, Long> digests, Set<String> open, List<String> doubled) {}

  /** Where on a day some ids have rows: the time in microseconds by id. */
  Map<String, Long> times(LocalDate day, Collection<String> ids) {
    Map<String, Long> times = new HashMap<>();
    for (Row row :
        withIds(DocumentSet.wholeDay(day), ids)
            .select(col(LakeLayout.EVENT_ID), unix_micros(col(LakeLayout.TS)))
            .collectAsList()) {
      times.put(row.getString(0), row.getLong(1));
    }
    return times;
  }

  /** The rows of a range with one of some ids, with all their columns. */
  Dataset<Row> withIds(TimeRange range, Collection<String> ids) {
    Dataset<Row> wanted =
        spark.createDataset(List.copyOf(ids), Encoders.STRING()).toDF("wanted_id");
    return within(range)
        .join(broadcast(wanted), col(LakeLayout.EVENT_ID).equalTo(col("wanted_id")), "left_semi");
  }
}
