package io.tributary.lake.deduplication;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.make_date;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.xxhash64;

import io.tributary.layout.LakeLayout;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Asks the {@code events} table which events it holds. */
final class LakeLookup {
  /** Up to so many ids stand in the query itself, where they can leave out files. */
  private static final int IDS_IN_QUERY = 1_000;

  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final int HOURS_PER_DAY = 24;

  /** How many tasks' rows are on their way to the driver at a time, for every slot. */
  private static final int TASKS_AT_A_TIME = 4;

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

  /** How many events there are on each of some days; reads no column. */
  Map<Integer, Long> counts(Collection<Integer> days) {
    Map<Integer, Long> counts = new HashMap<>();
    days.forEach(day -> counts.put(day, 0L));
    // Most days are new when they are first touched; that costs no query then.
    if (holdsAny.test(days.stream().map(LocalDate::ofEpochDay).toList())) {
      events
          .get()
          .where(onDays(days))
          .groupBy(partitionDay())
          .agg(count(lit(1)))
          .collectAsList()
          .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    }
    return counts;
  }

  /** Gives hash, digest and day of all events of some days, a part of them at a time. */
  void each(Collection<Integer> days, IdentityReader reader) {
    if (!days.isEmpty()) {
      each(
          events
              .get()
              .where(onDays(days))
              .select(xxhash64(col(LakeLayout.EVENT_ID)), col(LakeLayout.DIGEST), partitionDay()),
          reader);
    }
  }

  /** The same of these rows, as far as they are of some days; needs no partition columns. */
  static void each(Dataset<Row> rows, Collection<Integer> days, IdentityReader reader) {
    Column day =
        floor(unix_micros(col(LakeLayout.TS)).divide(lit(MICROS_PER_HOUR * HOURS_PER_DAY)))
            .cast("int");
    each(
        rows.select(
                xxhash64(col(LakeLayout.EVENT_ID)).as("hash"),
                col(LakeLayout.DIGEST),
                day.as("event_day"))
            .where(col("event_day").isInCollection(List.copyOf(days))),
        reader);
  }

  /** Part by part, so that the driver never holds a whole day twice. */
  private static void each(Dataset<Row> identities, IdentityReader reader) {
    JavaRDD<Found> parts =
        identities
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(rows -> List.of(Found.of(rows)).iterator());
    int step =
        TASKS_AT_A_TIME * JavaSparkContext.fromSparkContext(parts.context()).defaultParallelism();
    int all = parts.getNumPartitions();
    for (int first = 0; first < all; first += step) {
      int[] some = IntStream.range(first, Math.min(all, first + step)).toArray();
      for (List<Found> part : parts.collectPartitions(some)) {
        part.forEach(found -> found.each(reader));
      }
    }
  }

  /**
   * The digests of exactly these events, by identity. Looks first only where each would be if it
   * were there unchanged: the same event has the same time. Most of what is asked for is found so,
   * in one hour; for the rest the whole day is read.
   */
  Answers digests(Collection<Sought> sought) {
    Map<Identity, Long> found = new HashMap<>();
    Set<Identity> left = sought.stream().map(Sought::identity).collect(Collectors.toSet());
    find(left, atTheirTimes(sought), found);
    left.removeAll(found.keySet());
    Set<Integer> scanned = left.stream().map(Identity::day).collect(Collectors.toSet());
    if (!left.isEmpty()) {
      find(left, onDays(scanned), found);
    }
    return new Answers(found, scanned);
  }

  private void find(Set<Identity> identities, Column where, Map<Identity, Long> found) {
    if (identities.isEmpty()
        || !holdsAny.test(
            identities.stream()
                .map(Identity::day)
                .distinct()
                .map(LocalDate::ofEpochDay)
                .toList())) {
      return;
    }
    HashSet<UTF8String> ids = new HashSet<>();
    identities.forEach(identity -> ids.add(UTF8String.fromString(identity.eventId())));
    Dataset<Row> rows = events.get().where(where);
    if (ids.size() <= IDS_IN_QUERY) {
      rows =
          rows.where(
              col(LakeLayout.EVENT_ID)
                  .isin(identities.stream().map(Identity::eventId).distinct().toArray()));
    }
    Dataset<Row> columns =
        rows.select(col(LakeLayout.EVENT_ID), col(LakeLayout.DIGEST), partitionDay());
    Broadcast<HashSet<UTF8String>> wanted =
        JavaSparkContext.fromSparkContext(columns.sparkSession().sparkContext()).broadcast(ids);
    try {
      columns
          .queryExecution()
          .toRdd()
          .toJavaRDD()
          .mapPartitions(all -> Held.among(all, wanted.value()).iterator())
          .collect()
          .forEach(held -> found.put(new Identity(held.eventId(), held.day()), held.digest()));
    } finally {
      wanted.destroy();
    }
  }

  /** The hours of some events, of each only the span of time that is asked for. */
  private static Column atTheirTimes(Collection<Sought> sought) {
    Map<Long, long[]> spans = new TreeMap<>();
    for (Sought event : sought) {
      long[] span =
          spans.computeIfAbsent(
              Math.floorDiv(event.tsMicros(), MICROS_PER_HOUR),
              hour -> new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
      span[0] = Math.min(span[0], event.tsMicros());
      span[1] = Math.max(span[1], event.tsMicros());
    }
    List<Column> hours = new ArrayList<>();
    spans.forEach(
        (hour, span) ->
            hours.add(
                onDay(Math.toIntExact(Math.floorDiv(hour, HOURS_PER_DAY)))
                    .and(col(LakeLayout.HOUR).equalTo((int) Math.floorMod(hour, HOURS_PER_DAY)))
                    .and(
                        col(LakeLayout.TS)
                            .between(
                                timestamp_micros(lit(span[0])), timestamp_micros(lit(span[1]))))));
    return any(hours);
  }

  private static Column partitionDay() {
    return unix_date(make_date(col(LakeLayout.YEAR), col(LakeLayout.MONTH), col(LakeLayout.DAY)));
  }

  private static Column onDays(Collection<Integer> days) {
    return any(days.stream().map(LakeLookup::onDay).toList());
  }

  /** Half by half, so that the expression stays shallow however many there are. */
  private static Column any(List<Column> alternatives) {
    int size = alternatives.size();
    return switch (size) {
      case 0 -> lit(false);
      case 1 -> alternatives.get(0);
      default ->
          any(alternatives.subList(0, size / 2)).or(any(alternatives.subList(size / 2, size)));
    };
  }

  private static Column onDay(int epochDay) {
    LocalDate day = LocalDate.ofEpochDay(epochDay);
    return col(LakeLayout.YEAR)
        .equalTo(day.getYear())
        .and(col(LakeLayout.MONTH).equalTo(day.getMonthValue()))
        .and(col(LakeLayout.DAY).equalTo(day.getDayOfMonth()));
  }

  /** Takes what is known of one event; {@code day} in days since the epoch. */
  interface IdentityReader {
    void read(int day, long hash, long digest);
  }

  /** An event's identity; {@code day} in days since the epoch. */
  record Identity(String eventId, int day) implements Serializable {}

  /** An event that may be there; its time in microseconds since the epoch. */
  record Sought(Identity identity, long tsMicros) {}

  /**
   * What is there.
   *
   * @param scanned the days that were read as a whole
   */
  record Answers(Map<Identity, Long> digests, Set<Integer> scanned) {}

  private record Held(String eventId, long digest, int day) implements Serializable {
    static List<Held> among(Iterator<InternalRow> rows, Set<UTF8String> wanted) {
      List<Held> held = new ArrayList<>();
      rows.forEachRemaining(
          row -> {
            UTF8String id = row.getUTF8String(0);
            if (wanted.contains(id)) {
              held.add(new Held(id.toString(), row.getLong(1), row.getInt(2)));
            }
          });
      return held;
    }
  }

  /** What one task found, in arrays of one length; the day only where it changes. */
  private record Found(
      LongArrayList hashes, LongArrayList digests, IntArrayList days, IntArrayList dayStarts)
      implements Serializable {
    static Found of(Iterator<InternalRow> rows) {
      Found found =
          new Found(
              new LongArrayList(), new LongArrayList(), new IntArrayList(), new IntArrayList());
      rows.forEachRemaining(
          row -> {
            int day = row.getInt(2);
            if (found.days.isEmpty() || found.days.getInt(found.days.size() - 1) != day) {
              found.days.add(day);
              found.dayStarts.add(found.hashes.size());
            }
            found.hashes.add(row.getLong(0));
            found.digests.add(row.getLong(1));
          });
      return found;
    }

    void each(IdentityReader reader) {
      for (int part = 0; part < days.size(); part++) {
        int end = part + 1 < days.size() ? dayStarts.getInt(part + 1) : hashes.size();
        for (int i = dayStarts.getInt(part); i < end; i++) {
          reader.read(days.getInt(part), hashes.getLong(i), digests.getLong(i));
        }
      }
    }
  }
}
