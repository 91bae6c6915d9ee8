package io.tributary.lake.deduplication;

import io.tributary.lake.deduplication.LakeLookup.Identity;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A judged batch: its verdicts and its accounting. */
public final class Judged {
  private final List<BatchKeys> keys;
  private final Map<Integer, Integer> days;
  private final KnownEvents known;
  private final List<Shard> shards;
  private final Verdicts verdicts = new Verdicts();

  /** What won among those whose ids had to be compared. */
  private final List<Contestant> contestedWinners = new ArrayList<>();

  private Judged(List<BatchKeys> keys, Map<Integer, Integer> days, KnownEvents known, int shards) {
    this.keys = keys;
    this.days = days;
    this.known = known;
    this.shards =
        IntStream.range(0, shards)
            .parallel()
            .mapToObj(number -> new Shard(keys, known, shards, number))
            .toList();
  }

  /**
   * Judges a batch.
   *
   * @param days how many of its events belong to each day; all of them have been loaded
   * @param shards in how many parts; a power of two
   */
  static Judged judge(
      KeptBatch batch,
      List<BatchKeys> keys,
      Map<Integer, Integer> days,
      KnownEvents known,
      LakeLookup lake,
      int shards) {
    Judged judged = new Judged(keys, days, known, shards);
    judged.inEveryShard(Shard::settle);
    judged.shards.forEach(shard -> shard.tell(judged.verdicts));
    LongOpenHashSet contested = new LongOpenHashSet();
    judged.shards.forEach(shard -> contested.addAll(shard.contested()));
    if (!contested.isEmpty()) {
      judged.settleByIdentity(batch, contested, lake);
    }
    return judged;
  }

  private void inEveryShard(Consumer<Shard> work) {
    shards.parallelStream().forEach(work);
  }

  /** Settles all events under the contested keys by their ids; replaces what was said of them. */
  private void settleByIdentity(KeptBatch batch, LongOpenHashSet contested, LakeLookup lake) {
    List<Contestant> contestants =
        batch.records().flatMap(record -> Contestant.of(record, contested).iterator()).collect();
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
    inEveryShard(Shard::remember);
    for (Contestant winner : contestedWinners) {
      known.add(winner.day(), IdHash.of(winner.eventId()), winner.digest());
    }
    known.trim(days);
  }
}
