package io.tributary.lake.deduplication;

import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The events of a batch whose hash ends in some bits, settled as far as that can be done without
 * their ids. All events of one identity are in one shard, so that every shard can be settled by a
 * thread of its own: look-ups among millions of events mostly wait for memory.
 */
final class Shard {
  private static final long NONE = -1;
  private static final int NO_DAY = Integer.MIN_VALUE;

  private final List<BatchKeys> keys;
  private final KnownEvents known;
  private final long mask;
  private final long bits;

  /** The keys of which the ids have to be compared. */
  private final LongOpenHashSet contested = new LongOpenHashSet();

  /** For every key the place of its first record: the part in the upper half, the index below. */
  private final Long2LongOpenHashMap winners;

  /** What is in {@code winners}, by part and index: they are walked through in this order. */
  private final List<BitSet> won = new ArrayList<>();

  private final List<Candidate> duplicates = new ArrayList<>();

  /** Of no meaning: only keeps the compiler from leaving out what gives it. */
  private long touched;

  /**
   * @param shards how many there are; a power of two, at most {@link ExactDay#PARTS}
   * @param number of this one, from 0
   */
  Shard(List<BatchKeys> keys, KnownEvents known, int shards, int number) {
    this.keys = keys;
    this.known = known;
    this.mask = shards - 1L;
    this.bits = number;
    int events = keys.stream().mapToInt(BatchKeys::events).sum();
    this.winners = new Long2LongOpenHashMap(events / shards + events / shards / 16 + 16);
    winners.defaultReturnValue(NONE);
  }

  /** Settles all events but those whose ids have to be compared. */
  void settle() {
    for (int number = 0; number < keys.size(); number++) {
      BatchKeys part = keys.get(number);
      won.add(new BitSet(part.events()));
      Block block = new Block(part);
      for (int next = 0; next < part.events(); ) {
        next = block.fill(next, index -> (part.hash(index) & mask) == bits);
        for (int i = 0; i < block.size; i++) {
          settle(block.day(i), new Candidate(number, block.indices[i]));
        }
      }
    }
  }

  private void settle(KnownDay inLake, Candidate candidate) {
    BatchKeys part = keys.get(candidate.part());
    int index = candidate.index();
    long key = IdentityKey.of(part.day(index), part.hash(index));
    long digest = inLake.digest(part.hash(index));
    if (digest == part.digest(index)) {
      duplicates.add(candidate);
      return;
    }
    if (digest != KnownDay.NEW) {
      contested.add(key);
      return;
    }
    long rivalPlace = winners.putIfAbsent(key, candidate.place());
    if (rivalPlace == NONE) {
      won.get(candidate.part()).set(index);
      return;
    }
    Candidate rival = Candidate.at(rivalPlace);
    if (digest(rival) != digest(candidate)) {
      contested.add(key);
    } else if (firstInKafka(candidate, rival) < 0) {
      winners.put(key, candidate.place());
      won.get(rival.part()).clear(rival.index());
      won.get(candidate.part()).set(index);
      duplicates.add(rival);
    } else {
      duplicates.add(candidate);
    }
  }

  private long digest(Candidate candidate) {
    return keys.get(candidate.part()).digest(candidate.index());
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

  /** Those that this shard knows to be duplicates; of contested keys that may still change. */
  void tell(Verdicts verdicts) {
    for (Candidate duplicate : duplicates) {
      BatchKeys part = keys.get(duplicate.part());
      verdicts.duplicate(
          part.topic(duplicate.index()),
          part.partition(duplicate.index()),
          part.offset(duplicate.index()));
    }
  }

  LongOpenHashSet contested() {
    return contested;
  }

  /** Adds its new events, but those contested, to what is known; beside other shards. */
  void remember() {
    for (int number = 0; number < keys.size(); number++) {
      BatchKeys part = keys.get(number);
      BitSet winning = won.get(number);
      Block block = new Block(part);
      for (int next = 0; next < part.events(); ) {
        next = block.fill(next, winning::get);
        for (int i = 0; i < block.size; i++) {
          int index = block.indices[i];
          if (contested.isEmpty()
              || !contested.contains(IdentityKey.of(part.day(index), part.hash(index)))) {
            block.day(i).add(part.hash(index), part.digest(index));
          }
        }
      }
    }
  }

  /**
   * Some events of a part whose places in what is known have been touched one right after the
   * other. A day of millions is in no cache: so the processor waits for many places at once, where
   * it would wait for each in turn.
   */
  private final class Block {
    private static final int SIZE = 256;

    private final BatchKeys part;
    private final int[] indices = new int[SIZE];
    private final KnownDay[] days = new KnownDay[SIZE];
    private int size;

    Block(BatchKeys part) {
      this.part = part;
    }

    KnownDay day(int i) {
      return days[i];
    }

    /** Takes events from an index on; returns where to go on. */
    int fill(int from, IntPredicate wanted) {
      size = 0;
      int lastDay = NO_DAY;
      KnownDay last = new UnknownDay(0);
      int index = from;
      for (; index < part.events() && size < SIZE; index++) {
        if (wanted.test(index)) {
          if (part.day(index) != lastDay) {
            lastDay = part.day(index);
            last = known.day(lastDay);
          }
          indices[size] = index;
          days[size++] = last;
        }
      }
      for (int i = 0; i < size; i++) {
        touched += days[i].touch(part.hash(indices[i]));
      }
      return index;
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
}
