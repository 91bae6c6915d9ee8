package io.tributary.lake.deduplication;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the events of a batch that are not new, exactly: within the batch and against the lake. The
 * lake's row wins over any record; within a batch the record with the smallest (Kafka time, topic,
 * partition, offset).
 *
 * <p>Nearly every event is settled in memory by the hash of its id ({@link KnownEvents}). Only
 * where hashes meet and digests differ (the same id with another payload, or a chance meeting), and
 * what the filter of a day not known exactly suspects, is settled by the ids themselves, in the
 * batch and in the lake.
 *
 * <p>Not thread-safe: it follows one stream, batch by batch.
 */
public final class Deduplication {
  private static final Logger LOG = LoggerFactory.getLogger(Deduplication.class);

  /** How much memory may be taken for each event that is to be remembered. */
  static final long BYTES_AN_EVENT = 32;

  /** Reading a smaller day takes no longer than the queries that do it. */
  private static final long SMALL_DAY = 20_000;

  private static final long WORTH_A_LINE = 1_000_000;

  /** More threads than that do not help where all wait for the same memory. */
  private static final int MOST_SHARDS = 16;

  private final KnownEvents known;
  private final LakeLookup lake;
  private final int shards;

  /**
   * @param events gives the newest version of the {@code events} table at each call
   * @param holdsAny whether the table has anything at all on any of some UTC days
   * @param capacity bounds the memory, at 32 bytes each: a day known exactly takes about 27 bytes
   *     an event, one known by a filter about 1.35
   */
  public Deduplication(
      Supplier<Dataset<Row>> events, Predicate<List<LocalDate>> holdsAny, long capacity) {
    this(
        new LakeLookup(events, holdsAny),
        new KnownEvents(Math.multiplyExact(capacity, BYTES_AN_EVENT), SMALL_DAY),
        Math.min(MOST_SHARDS, Integer.highestOneBit(Runtime.getRuntime().availableProcessors())));
  }

  /**
   * @param shards in how many parts, side by side, a batch is judged; a power of two
   */
  Deduplication(LakeLookup lake, KnownEvents known, int shards) {
    this.lake = lake;
    this.known = known;
    this.shards = shards;
  }

  /** Forgets what is known of the lake, because another writer has changed it. */
  public void forget() {
    known.clear();
  }

  /**
   * Takes note of rows that another writer has added to the lake. Costs a read of these rows alone,
   * and only of the days that are in memory; the others are read when they are touched.
   *
   * @param rowsAdded with the columns {@code event_id, digest, ts} of {@code events}
   */
  public void learn(Dataset<Row> rowsAdded) {
    if (known.days().isEmpty()) {
      return;
    }
    try {
      LakeLookup.each(rowsAdded, known.days(), known::add);
      known.trim(Map.of());
    } catch (RuntimeException e) {
      // Half of them known would be worse than none: a day in memory has to be complete.
      known.clear();
      throw e;
    }
  }

  /** How many identities are known exactly, in memory. */
  public long remembered() {
    return known.size();
  }

  /** How much memory that takes, with the filters of days not known exactly; bytes. */
  public long rememberedBytes() {
    return known.bytes();
  }

  /** Judges a batch. What it finds new counts as known only after {@link Judged#committed}. */
  public Judged judge(KeptBatch batch) {
    List<BatchKeys> keys = batch.keys().collect();
    Map<Integer, Integer> days = days(keys);
    load(days);
    return Judged.judge(batch, keys, days, known, lake, shards);
  }

  /** How many events of the batch belong to each day. */
  private static Map<Integer, Integer> days(List<BatchKeys> keys) {
    Map<Integer, Integer> days = new TreeMap<>();
    for (BatchKeys part : keys) {
      int start = 0;
      for (int i = 1; i <= part.events(); i++) {
        if (i == part.events() || part.day(i) != part.day(start)) {
          days.merge(part.day(start), i - start, Integer::sum);
          start = i;
        }
      }
    }
    return days;
  }

  private void load(Map<Integer, Integer> touched) {
    List<Integer> missing = known.missing(touched);
    if (missing.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    Map<Integer, Long> counts = lake.counts(missing);
    Map<Integer, KnownDay> planned = known.plan(counts, touched);
    List<Integer> read = new ArrayList<>();
    planned.forEach(
        (day, empty) -> {
          if (!(empty instanceof UnknownDay) && counts.getOrDefault(day, 0L) > 0) {
            read.add(day);
          }
        });
    Reading reading = new Reading(planned);
    lake.each(read, reading);
    // Only now: a day that was read half must not be taken for a whole one.
    planned.forEach(known::know);
    if (reading.events >= WORTH_A_LINE) {
      LOG.info(
          "Read the identities of {} events of {} day(s) in {} ms; {} MiB for deduplication",
          reading.events,
          read.size(),
          (System.nanoTime() - start) / 1_000_000,
          known.bytes() >> 20);
    }
  }

  /** Fills the days that are read. */
  private static final class Reading implements LakeLookup.IdentityReader {
    private final Map<Integer, KnownDay> days;
    private int lastDay;
    private KnownDay last = new UnknownDay(0);
    private long events;

    Reading(Map<Integer, KnownDay> days) {
      this.days = days;
    }

    @Override
    public void read(int day, long hash, long digest) {
      if (day != lastDay || last instanceof UnknownDay) {
        KnownDay next = days.get(day);
        if (next == null) {
          throw new IllegalStateException("Day %d was read and not asked for".formatted(day));
        }
        lastDay = day;
        last = next;
      }
      last.add(hash, digest);
      events++;
    }
  }
}
