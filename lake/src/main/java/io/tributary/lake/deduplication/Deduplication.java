package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.LakeLookup.Identity;
import io.tributary.lake.deduplication.LakeLookup.Sought;
import it.unimi.dsi.fastutil.HashCommon;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
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
  private static final long NONE = -1;

  private final KnownEvents known;
  private final LakeLookup lake;

  /**
   * @param events gives the newest version of the {@code events} table at each call
   * @param holdsAny whether the table has anything at all on any of some UTC days
   * @param capacity bounds the memory, at 32 bytes each: a day known exactly takes about 22 bytes
   *     an event, one known by a filter about 1.35
   */
  public Deduplication(
      Supplier<Dataset<Row>> events, Predicate<List<LocalDate>> holdsAny, long capacity) {
    this(
        new LakeLookup(events, holdsAny),
        new KnownEvents(Math.multiplyExact(capacity, BYTES_AN_EVENT), SMALL_DAY));
  }

  Deduplication(LakeLookup lake, KnownEvents known) {
    this.lake = lake;
    this.known = known;
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
  public Judged judge(JavaRDD<DecodedRecord> batch) {
    List<BatchKeys> keys =
        batch.mapPartitions(records -> List.of(BatchKeys.of(records)).iterator()).collect();
    Map<Integer, Integer> days = days(keys);
    load(days);
    Judged judged = new Judged(keys, days);
    judged.settleByDigest();
    if (!judged.contested.isEmpty()) {
      judged.settleByIdentity(batch);
    }
    return judged;
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

  private static long key(int day, long hash) {
    return HashCommon.mix(hash + HashCommon.mix((long) day));
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

  /** A judged batch: its verdicts and its accounting. */
  public final class Judged {
    private final List<BatchKeys> keys;
    private final Map<Integer, Integer> days;
    private final Verdicts verdicts = new Verdicts();

    /** The keys of which the ids have to be compared. */
    private final LongOpenHashSet contested = new LongOpenHashSet();

    /** For every key the place of its first record: the part in the upper half, the index below. */
    private final Long2LongOpenHashMap winners = new Long2LongOpenHashMap();

    /** What won among the contested. */
    private final List<Contestant> contestedWinners = new ArrayList<>();

    private Judged(List<BatchKeys> keys, Map<Integer, Integer> days) {
      this.keys = keys;
      this.days = days;
      winners.defaultReturnValue(NONE);
    }

    /** Settles all events but those whose ids have to be compared. */
    private void settleByDigest() {
      winners.ensureCapacity(keys.stream().mapToInt(BatchKeys::events).sum());
      for (int number = 0; number < keys.size(); number++) {
        BatchKeys part = keys.get(number);
        int day = 0;
        KnownDay inLake = new UnknownDay(0);
        for (int i = 0; i < part.events(); i++) {
          if (i == 0 || part.day(i) != day) {
            day = part.day(i);
            inLake = known.day(day);
          }
          settle(inLake, number, i);
        }
      }
    }

    private void settle(KnownDay inLake, int number, int index) {
      BatchKeys part = keys.get(number);
      long key = key(part.day(index), part.hash(index));
      long digest = inLake.digest(part.hash(index));
      if (digest == part.digest(index)) {
        verdicts.duplicate(part.topic(index), part.partition(index), part.offset(index));
        return;
      }
      if (digest != KnownDay.NEW) {
        contested.add(key);
        return;
      }
      Candidate candidate = new Candidate(number, index);
      long rivalPlace = winners.putIfAbsent(key, candidate.place());
      if (rivalPlace == NONE) {
        return;
      }
      Candidate rival = Candidate.at(rivalPlace);
      if (digest(rival) != digest(candidate)) {
        contested.add(key);
      } else if (firstInKafka(candidate, rival) < 0) {
        winners.put(key, candidate.place());
        duplicate(rival);
      } else {
        duplicate(candidate);
      }
    }

    private long digest(Candidate candidate) {
      return keys.get(candidate.part()).digest(candidate.index());
    }

    private void duplicate(Candidate candidate) {
      BatchKeys part = keys.get(candidate.part());
      verdicts.duplicate(
          part.topic(candidate.index()),
          part.partition(candidate.index()),
          part.offset(candidate.index()));
    }

    private int firstInKafka(Candidate left, Candidate right) {
      BatchKeys l = keys.get(left.part());
      BatchKeys r = keys.get(right.part());
      int order = Long.compare(l.timestampMillis(left.index()), r.timestampMillis(right.index()));
      if (order == 0) {
        order = l.topic(left.index()).compareTo(r.topic(right.index()));
      }
      if (order == 0) {
        order = Integer.compare(l.partition(left.index()), r.partition(right.index()));
      }
      return order == 0 ? Long.compare(l.offset(left.index()), r.offset(right.index())) : order;
    }

    /** Settles all events under the contested keys by their ids; replaces what was said of them. */
    private void settleByIdentity(JavaRDD<DecodedRecord> batch) {
      LongOpenHashSet sought = contested;
      List<Contestant> contestants =
          batch.flatMap(record -> Contestant.of(record, sought).iterator()).collect();
      LakeLookup.Answers answers =
          lake.digests(
              contestants.stream()
                  .filter(this::mayBeInLake)
                  .map(Contestant::sought)
                  .distinct()
                  .toList());
      for (int day : answers.scanned()) {
        if (known.day(day) instanceof FilteredDay filtered) {
          filtered.scanned();
        }
      }
      Map<Identity, Long> rows = new HashMap<>(answers.digests());
      contestants.stream()
          .sorted(Contestant.FIRST_IN_KAFKA)
          .forEach(contestant -> settle(contestant, rows));
    }

    /** Not when only records of this batch contest the id. */
    private boolean mayBeInLake(Contestant contestant) {
      return known.day(contestant.day()).digest(IdHash.of(contestant.eventId())) != KnownDay.NEW;
    }

    private void settle(Contestant contestant, Map<Identity, Long> rows) {
      verdicts.clear(contestant.topic(), contestant.partition(), contestant.offset());
      Long digest = rows.putIfAbsent(contestant.identity(), contestant.digest());
      if (digest == null) {
        contestedWinners.add(contestant);
      } else if (digest == contestant.digest()) {
        verdicts.duplicate(contestant.topic(), contestant.partition(), contestant.offset());
      } else {
        verdicts.conflict(contestant.topic(), contestant.partition(), contestant.offset());
      }
    }

    public Verdicts verdicts() {
      return verdicts;
    }

    /** How many records were read. */
    public long read() {
      return keys.stream().mapToLong(BatchKeys::read).sum();
    }

    /** How many values of typed fields did not fit. */
    public long misfits() {
      return keys.stream().mapToLong(BatchKeys::misfits).sum();
    }

    /** How many records are no events, by the code of the reason. */
    public Map<String, Long> rejected() {
      Map<String, Long> all = new TreeMap<>();
      keys.forEach(
          part -> part.rejected().forEach((reason, count) -> all.merge(reason, count, Long::sum)));
      return all;
    }

    /** To be called once the batch's rows are in the lake. */
    public void committed() {
      winners
          .long2LongEntrySet()
          .fastForEach(
              winner -> {
                if (!contested.contains(winner.getLongKey())) {
                  Candidate candidate = Candidate.at(winner.getLongValue());
                  BatchKeys part = keys.get(candidate.part());
                  int index = candidate.index();
                  known.add(part.day(index), part.hash(index), part.digest(index));
                }
              });
      for (Contestant winner : contestedWinners) {
        known.add(winner.day(), IdHash.of(winner.eventId()), winner.digest());
      }
      known.trim(days);
    }
  }

  /** An event of the batch, by its place in the keys. */
  private record Candidate(int part, int index) {
    static Candidate at(long place) {
      return new Candidate((int) (place >>> 32), (int) place);
    }

    long place() {
      return (long) part << 32 | index;
    }
  }

  /** An event under a contested key, with its id. */
  private record Contestant(
      String eventId,
      int day,
      long tsMicros,
      long digest,
      long timestampMillis,
      String topic,
      int partition,
      long offset)
      implements Serializable {
    static final Comparator<Contestant> FIRST_IN_KAFKA =
        Comparator.comparingLong(Contestant::timestampMillis)
            .thenComparing(Contestant::topic)
            .thenComparingInt(Contestant::partition)
            .thenComparingLong(Contestant::offset);

    static List<Contestant> of(DecodedRecord record, LongOpenHashSet contested) {
      if (!(record.outcome() instanceof Decoded.Accepted accepted)) {
        return List.of();
      }
      String eventId = accepted.event().eventId();
      int day = EventDay.of(accepted.event().tsMicros());
      if (!contested.contains(key(day, IdHash.of(eventId)))) {
        return List.of();
      }
      return List.of(
          new Contestant(
              eventId,
              day,
              accepted.event().tsMicros(),
              accepted.digest(),
              record.kafka().timestampMillis(),
              record.kafka().topic(),
              record.kafka().partition(),
              record.kafka().offset()));
    }

    Identity identity() {
      return new Identity(eventId, day);
    }

    Sought sought() {
      return new Sought(identity(), tsMicros);
    }
  }
}
