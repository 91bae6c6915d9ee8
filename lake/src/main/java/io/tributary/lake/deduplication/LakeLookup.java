package io.tributary.lake.deduplication;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.tributary.layout.LakeLayout;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** Asks the {@code events} table which events it holds. */
final class LakeLookup {
  private final Supplier<Dataset<Row>> events;
  private final Predicate<List<LocalDate>> holdsAny;

  /**
   * @param events gives the newest version of the table at each call
   * @param holdsAny whether the table has anything at all on any of some days
   */
  LakeLookup(Supplier<Dataset<Row>> events, Predicate<List<LocalDate>> holdsAny) {
    this.events = events;
    this.holdsAny = holdsAny;
  }

  /** Hashes and digests of all events of some days. */
  List<Found> identities(Collection<Integer> days) {
    // Most days are new when they are first touched; that costs no query then.
    if (!holdsAny.test(days.stream().map(LocalDate::ofEpochDay).toList())) {
      return List.of();
    }
    return events
        .get()
        .where(onDays(days))
        .select(
            xxhash64(col(LakeLayout.EVENT_ID)), col(LakeLayout.DIGEST), dayOf(col(LakeLayout.TS)))
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(rows -> List.of(Found.of(rows)).iterator())
        .collect();
  }

  /** The digests of exactly these ids, by id and day. */
  Map<Identity, Long> digests(Collection<Identity> identities) {
    Map<Identity, Long> found = new HashMap<>();
    Object[] ids = identities.stream().map(Identity::eventId).distinct().toArray();
    List<Integer> days = identities.stream().map(Identity::day).distinct().toList();
    events
        .get()
        .where(onDays(days))
        .where(col(LakeLayout.EVENT_ID).isin(ids))
        .select(col(LakeLayout.EVENT_ID), col(LakeLayout.DIGEST), dayOf(col(LakeLayout.TS)))
        .collectAsList()
        .forEach(row -> found.put(new Identity(row.getString(0), row.getInt(2)), row.getLong(1)));
    return found;
  }

  private static Column dayOf(Column ts) {
    return org.apache.spark.sql.functions.unix_date(ts.cast("date"));
  }

  private static Column onDays(Collection<Integer> days) {
    return days.stream()
        .map(LocalDate::ofEpochDay)
        .map(
            day ->
                col(LakeLayout.YEAR)
                    .equalTo(day.getYear())
                    .and(col(LakeLayout.MONTH).equalTo(day.getMonthValue()))
                    .and(col(LakeLayout.DAY).equalTo(day.getDayOfMonth())))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  /** An event's identity; {@code day} in days since the epoch. */
  record Identity(String eventId, int day) implements Serializable {}

  /** What one task found, in arrays of one length. */
  record Found(LongArrayList hashes, LongArrayList digests, IntArrayList days)
      implements Serializable {
    static Found of(Iterator<InternalRow> rows) {
      Found found = new Found(new LongArrayList(), new LongArrayList(), new IntArrayList());
      rows.forEachRemaining(
          row -> {
            found.hashes.add(row.getLong(0));
            found.digests.add(row.getLong(1));
            found.days.add(row.getInt(2));
          });
      return found;
    }
  }
}
