package io.tributary.lake.deduplication;

import it.unimi.dsi.fastutil.longs.Long2LongMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The identities of the lake's events on the days that the stream touches, kept in the driver: for
 * every day a map from the hash of an id to the digest of its event, 24 to 40 bytes an event. What
 * is lost here is read from the lake again; nothing is decided by it that the lake would decide
 * otherwise, because equal hash <em>and</em> equal digest is the same event, and every other
 * meeting of hashes is looked up in the lake.
 *
 * <p>Bounded: when it holds more than it may, the days not touched for longest are forgotten.
 */
final class KnownEvents {
  /** No digest is negative. */
  static final long ABSENT = -1;

  private final LinkedHashMap<Integer, Long2LongOpenHashMap> days =
      new LinkedHashMap<>(16, 0.75f, true);
  private final long capacity;

  /**
   * @param capacity how many events may be kept over all days; the days of the batch at hand are
   *     kept even when they hold more
   */
  KnownEvents(long capacity) {
    this.capacity = capacity;
  }

  /** Those of the days that must be loaded before they can be asked. */
  List<Integer> missing(Collection<Integer> touched) {
    return touched.stream().filter(day -> !days.containsKey(day)).sorted().toList();
  }

  /** Takes a day with nothing in it; {@link #add} fills it. */
  void load(int day, int expected) {
    days.put(day, newDay(expected));
  }

  /** The digest under a hash on a loaded day, or {@link #ABSENT}. */
  long digest(int day, long hash) {
    return day(day).get(hash);
  }

  /** Adds an event of a loaded day. Of two with one hash the first stays. */
  void add(int day, long hash, long digest) {
    day(day).putIfAbsent(hash, digest);
  }

  /** Forgets everything, because somebody else has written to the lake. */
  void clear() {
    days.clear();
  }

  /** Forgets the days untouched for longest until no more than the capacity is kept. */
  void evict(Set<Integer> touched) {
    long kept = size();
    List<Integer> candidates = new ArrayList<>(days.keySet());
    for (int day : candidates) {
      if (kept <= capacity) {
        return;
      }
      if (!touched.contains(day)) {
        Map<Long, Long> forgotten = days.remove(day);
        kept -= forgotten == null ? 0 : forgotten.size();
      }
    }
  }

  /** How many events are kept. */
  long size() {
    return days.values().stream().mapToLong(Long2LongMap::size).sum();
  }

  private Long2LongOpenHashMap day(int day) {
    Long2LongOpenHashMap events = days.get(day);
    if (events == null) {
      throw new IllegalStateException("Day %d was asked for before it was loaded".formatted(day));
    }
    return events;
  }

  private static Long2LongOpenHashMap newDay(int expected) {
    Long2LongOpenHashMap events = new Long2LongOpenHashMap(Math.max(16, expected));
    events.defaultReturnValue(ABSENT);
    return events;
  }
}
