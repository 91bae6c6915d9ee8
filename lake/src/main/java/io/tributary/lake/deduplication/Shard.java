package io.tributary.lake.deduplication;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The events of a batch whose hash ends in some bits, settled as far as that can be done without
 * their ids. All events of one identity are in one shard, so that every shard can be settled by a
 * thread of its own: look-ups among millions of events mostly wait for memory.
 *
 * <p>For the same reason the events are taken group by group, a group being those that one of the
 * maps of a day may hold ({@link ExactDay}): one look-up after the other is in the same small piece
 * of memory, and so are the rivals within the batch.
 */
final class Shard {
  private static final int NONE = -1;
  private static final int NO_DAY = Integer.MIN_VALUE;

  /** So many places in what is known are touched one right after the other. */
  private static final int BLOCK = 256;

  private final List<BatchKeys> keys;
  private final KnownEvents known;
  private final int shards;
  private final int number;

  // What is asked of this shard's events, group by group; their positions name the events below.
  private final long[] hashes;
  private final long[] digests;
  private final int[] daysOfEvents;

  /** Where each event is in the keys: the part in the upper half, the index below. */
  private final long[] places;

  /** The keys of which the ids have to be compared. */
  private final LongOpenHashSet contested = new LongOpenHashSet();

  /** For every key of the group at hand the position of its first record. */
  private final Long2IntOpenHashMap winners = new Long2IntOpenHashMap();

  /** The positions of what is in {@code winners} of any group. */
  private final BitSet won;

  private final IntArrayList duplicates = new IntArrayList();

  /** What is known of the days of the events in a block. */
  private final KnownDay[] days = new KnownDay[BLOCK];

  /** Of no meaning: only keeps the compiler from leaving out what gives it. */
  private long touched;

  /**
   * @param shards how many there are; a power of two, at most {@link ExactDay#PARTS}
   * @param number of this one, from 0
   */
  Shard(List<BatchKeys> keys, KnownEvents known, int shards, int number) {
    this.keys = keys;
    this.known = known;
    this.shards = shards;
    this.number = number;
    int[] next = groupStarts();
    int events = next[next.length - 1];
    this.hashes = new long[events];
    this.digests = new long[events];
    this.daysOfEvents = new int[events];
    this.places = new long[events];
    this.won = new BitSet(events);
    winners.defaultReturnValue(NONE);
    arrange(next);
  }

  /** Where each group begins among the events, and at the end how many there are. */
  private int[] groupStarts() {
    int[] starts = new int[ExactDay.PARTS + 1];
    for (BatchKeys part : keys) {
      for (int index = 0; index < part.events(); index++) {
        int group = ExactDay.part(part.hash(index));
        if (isOurs(group)) {
          starts[group + 1]++;
        }
      }
    }
    for (int group = 0; group < ExactDay.PARTS; group++) {
      starts[group + 1] += starts[group];
    }
    return starts;
  }

  private void arrange(int[] next) {
    for (int at = 0; at < keys.size(); at++) {
      BatchKeys part = keys.get(at);
      for (int index = 0; index < part.events(); index++) {
        long hash = part.hash(index);
        int group = ExactDay.part(hash);
        if (isOurs(group)) {
          int position = next[group]++;
          hashes[position] = hash;
          digests[position] = part.digest(index);
          daysOfEvents[position] = part.day(index);
          places[position] = (long) at << 32 | index;
        }
      }
    }
  }

  private boolean isOurs(int group) {
    return (group & shards - 1) == number;
  }

  private BatchKeys part(int position) {
    return keys.get((int) (places[position] >>> 32));
  }

  private int index(int position) {
    return (int) places[position];
  }

  /** Settles all events but those whose ids have to be compared. */
  void settle() {
    int[] positions = new int[BLOCK];
    for (int from = 0; from < hashes.length; from += BLOCK) {
      int size = Math.min(BLOCK, hashes.length - from);
      for (int i = 0; i < size; i++) {
        positions[i] = from + i;
      }
      touch(positions, size);
      for (int i = 0; i < size; i++) {
        settle(days[i], from + i);
      }
    }
  }

  private void settle(KnownDay inLake, int position) {
    long hash = hashes[position];
    if (position > 0 && ExactDay.part(hash) != ExactDay.part(hashes[position - 1])) {
      winners.clear();
    }
    long digest = inLake.digest(hash);
    if (digest == digests[position]) {
      duplicates.add(position);
      return;
    }
    long key = key(position);
    if (digest != KnownDay.NEW) {
      contested.add(key);
      return;
    }
    int rival = winners.putIfAbsent(key, position);
    if (rival == NONE) {
      won.set(position);
    } else if (digests[rival] != digests[position]) {
      contested.add(key);
    } else if (firstInKafka(position, rival) < 0) {
      winners.put(key, position);
      won.clear(rival);
      won.set(position);
      duplicates.add(rival);
    } else {
      duplicates.add(position);
    }
  }

  private long key(int position) {
    return IdentityKey.of(daysOfEvents[position], hashes[position]);
  }

  private int firstInKafka(int left, int right) {
    BatchKeys l = part(left);
    BatchKeys r = part(right);
    int order = Long.compare(l.timestampMillis(index(left)), r.timestampMillis(index(right)));
    if (order == 0) {
      order = l.topic(index(left)).compareTo(r.topic(index(right)));
    }
    if (order == 0) {
      order = Integer.compare(l.partition(index(left)), r.partition(index(right)));
    }
    return order == 0 ? Long.compare(l.offset(index(left)), r.offset(index(right))) : order;
  }

  /** Those that this shard knows to be duplicates; of contested keys that may still change. */
  void tell(Verdicts verdicts) {
    duplicates.forEach(
        (IntConsumer)
            position -> {
              BatchKeys part = part(position);
              int index = index(position);
              verdicts.duplicate(part.topic(index), part.partition(index), part.offset(index));
            });
  }

  LongOpenHashSet contested() {
    return contested;
  }

  /** Adds its new events, but those contested, to what is known; beside other shards. */
  void remember() {
    int[] positions = new int[BLOCK];
    int size = 0;
    for (int position = won.nextSetBit(0); position >= 0; position = won.nextSetBit(position + 1)) {
      if (contested.isEmpty() || !contested.contains(key(position))) {
        positions[size++] = position;
      }
      if (size == BLOCK) {
        remember(positions, size);
        size = 0;
      }
    }
    remember(positions, size);
  }

  private void remember(int[] positions, int size) {
    touch(positions, size);
    for (int i = 0; i < size; i++) {
      days[i].add(hashes[positions[i]], digests[positions[i]]);
    }
  }

  /**
   * Brings what is known of some events into the processor's cache. A day of millions is in no
   * cache: so the processor waits for many places at once, where it would wait for each in turn.
   */
  private void touch(int[] positions, int size) {
    int lastDay = NO_DAY;
    KnownDay last = new UnknownDay(0);
    for (int i = 0; i < size; i++) {
      int day = daysOfEvents[positions[i]];
      if (day != lastDay) {
        lastDay = day;
        last = known.day(day);
      }
      days[i] = last;
    }
    for (int i = 0; i < size; i++) {
      touched += days[i].touch(hashes[positions[i]]);
    }
  }
}
