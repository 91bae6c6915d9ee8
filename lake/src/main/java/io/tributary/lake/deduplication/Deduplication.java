package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.LakeLookup.Identity;
import it.unimi.dsi.fastutil.HashCommon;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds the events of a batch that are not new, exactly: within the batch and against the lake. The
 * lake's row wins over any record; within a batch the record with the smallest (Kafka time, topic,
 * partition, offset).
 *
 * <p>Nearly every event is settled in memory by the hash of its id ({@link KnownEvents}). Only
 * where hashes meet and digests differ (the same id with another payload, or a chance meeting) the
 * ids themselves are compared.
 *
 * <p>Not thread-safe: it follows one stream, batch by batch.
 */
public final class Deduplication {
  private final KnownEvents known;
  private final LakeLookup lake;

  /**
   * @param events gives the newest version of the {@code events} table at each call
   * @param holdsAny whether the table has anything at all on any of some UTC days
   * @param capacity how many identities may be kept in memory
   */
  public Deduplication(
      Supplier<Dataset<Row>> events, Predicate<List<LocalDate>> holdsAny, long capacity) {
    this.lake = new LakeLookup(events, holdsAny);
    this.known = new KnownEvents(capacity);
  }

  /** Forgets what is known of the lake, because another writer has changed it. */
  public void forget() {
    known.clear();
  }

  /** How many identities are kept in memory. */
  public long remembered() {
    return known.size();
  }

  /** Judges a batch. What it finds new counts as known only after {@link Judged#committed}. */
  public Judged judge(JavaRDD<DecodedRecord> batch) {
    List<BatchKeys> keys =
        batch.mapPartitions(records -> List.of(BatchKeys.of(records)).iterator()).collect();
    TreeSet<Integer> days = new TreeSet<>();
    for (BatchKeys part : keys) {
      for (int i = 0; i < part.events(); i++) {
        days.add(part.day(i));
      }
    }
    load(days);
    Verdicts verdicts = new Verdicts();
    LongOpenHashSet contested = settleByDigest(keys, verdicts);
    if (!contested.isEmpty()) {
      settleByIdentity(batch, contested, verdicts);
    }
    return new Judged(keys, verdicts, days);
  }

  private void load(TreeSet<Integer> days) {
    List<Integer> missing = known.missing(days);
    if (missing.isEmpty()) {
      return;
    }
    List<LakeLookup.Found> found = lake.identities(missing);
    Map<Integer, Integer> sizes = new HashMap<>();
    found.forEach(part -> part.days().forEach(day -> sizes.merge(day, 1, Integer::sum)));
    missing.forEach(day -> known.load(day, sizes.getOrDefault(day, 0)));
    for (LakeLookup.Found part : found) {
      for (int i = 0; i < part.hashes().size(); i++) {
        known.add(part.days().getInt(i), part.hashes().getLong(i), part.digests().getLong(i));
      }
    }
  }

  /** Settles all events but those that share a hash and differ; gives the keys of these. */
  private LongOpenHashSet settleByDigest(List<BatchKeys> keys, Verdicts verdicts) {
    LongOpenHashSet contested = new LongOpenHashSet();
    Long2ObjectOpenHashMap<Candidate> winners = new Long2ObjectOpenHashMap<>();
    for (BatchKeys part : keys) {
      for (int i = 0; i < part.events(); i++) {
        long key = key(part.day(i), part.hash(i));
        long inLake = known.digest(part.day(i), part.hash(i));
        if (inLake != KnownEvents.ABSENT) {
          if (inLake == part.digest(i)) {
            verdicts.duplicate(part.topic(i), part.partition(i), part.offset(i));
          } else {
            contested.add(key);
          }
          continue;
        }
        Candidate candidate = new Candidate(part, i);
        Candidate rival = winners.putIfAbsent(key, candidate);
        if (rival == null) {
          continue;
        }
        if (rival.digest() != candidate.digest()) {
          contested.add(key);
        } else if (Candidate.FIRST_IN_KAFKA.compare(candidate, rival) < 0) {
          winners.put(key, candidate);
          rival.duplicate(verdicts);
        } else {
          candidate.duplicate(verdicts);
        }
      }
    }
    return contested;
  }

  /** Settles all events under the contested keys by their ids; replaces what was said of them. */
  private void settleByIdentity(
      JavaRDD<DecodedRecord> batch, LongOpenHashSet contested, Verdicts verdicts) {
    List<Contestant> contestants =
        batch.flatMap(record -> Contestant.of(record, contested).iterator()).collect();
    Map<Identity, Long> rows =
        lake.digests(contestants.stream().map(Contestant::identity).distinct().toList());
    contestants.stream()
        .sorted(Contestant.FIRST_IN_KAFKA)
        .forEach(
            contestant -> {
              verdicts.clear(contestant.topic(), contestant.partition(), contestant.offset());
              Long digest = rows.putIfAbsent(contestant.identity(), contestant.digest());
              if (digest == null) {
                return;
              }
              if (digest == contestant.digest()) {
                verdicts.duplicate(contestant.topic(), contestant.partition(), contestant.offset());
              } else {
                verdicts.conflict(contestant.topic(), contestant.partition(), contestant.offset());
              }
            });
  }

  private static long key(int day, long hash) {
    return HashCommon.mix(hash + HashCommon.mix((long) day));
  }

  /** A judged batch: its verdicts and its accounting. */
  public final class Judged {
    private final List<BatchKeys> keys;
    private final Verdicts verdicts;
    private final TreeSet<Integer> days;

    private Judged(List<BatchKeys> keys, Verdicts verdicts, TreeSet<Integer> days) {
      this.keys = keys;
      this.verdicts = verdicts;
      this.days = days;
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
      for (BatchKeys part : keys) {
        for (int i = 0; i < part.events(); i++) {
          if (verdicts.of(part.topic(i), part.partition(i), part.offset(i))
              == Verdicts.Verdict.NEW) {
            known.add(part.day(i), part.hash(i), part.digest(i));
          }
        }
      }
      known.evict(days);
    }
  }

  /** An event of the batch, by its place in the keys. */
  private record Candidate(BatchKeys keys, int index) {
    static final Comparator<Candidate> FIRST_IN_KAFKA =
        Comparator.<Candidate>comparingLong(c -> c.keys.timestampMillis(c.index))
            .thenComparing(c -> c.keys.topic(c.index))
            .thenComparingInt(c -> c.keys.partition(c.index))
            .thenComparingLong(c -> c.keys.offset(c.index));

    long digest() {
      return keys.digest(index);
    }

    void duplicate(Verdicts verdicts) {
      verdicts.duplicate(keys.topic(index), keys.partition(index), keys.offset(index));
    }
  }

  /** An event under a contested key, with its id. */
  private record Contestant(
      String eventId,
      int day,
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
              accepted.digest(),
              record.kafka().timestampMillis(),
              record.kafka().topic(),
              record.kafka().partition(),
              record.kafka().offset()));
    }

    Identity identity() {
      return new Identity(eventId, day);
    }
  }
}
