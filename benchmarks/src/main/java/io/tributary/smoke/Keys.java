package io.tributary.smoke;

import io.tributary.reader.EventKey;
import io.tributary.time.Timestamps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of events by their identity, (id, UTC day). */
final class Keys {
  private final Map<Identity, EventKey> byIdentity = new LinkedHashMap<>();
  private final List<EventKey> repeated = new ArrayList<>();

  private Keys() {}

  static Keys of(Collection<EventKey> keys) {
    Keys set = new Keys();
    for (EventKey key : keys) {
      if (set.byIdentity.putIfAbsent(identity(key), key) != null) {
        set.repeated.add(key);
      }
    }
    return set;
  }

  Keys union(Keys other) {
    List<EventKey> all = new ArrayList<>(byIdentity.values());
    other.byIdentity.forEach(
        (identity, key) -> {
          if (!byIdentity.containsKey(identity)) {
            all.add(key);
          }
        });
    return of(all);
  }

  int size() {
    return byIdentity.size();
  }

  /** Those that are stored more than once, each further copy. */
  List<EventKey> repeated() {
    return repeated;
  }

  /** Those that the other set lacks, in order of time. */
  List<EventKey> missingIn(Keys other) {
    return byIdentity.entrySet().stream()
        .filter(entry -> !other.byIdentity.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparingLong(EventKey::tsMicros).thenComparing(EventKey::eventId))
        .toList();
  }

  /** Those that the other set has with another type or in another hour. */
  List<EventKey> differentIn(Keys other) {
    List<EventKey> different = new ArrayList<>();
    byIdentity.forEach(
        (identity, key) -> {
          EventKey there = other.byIdentity.get(identity);
          if (there != null
              && !(there.eventType().equals(key.eventType()) && there.hour() == key.hour())) {
            different.add(there);
          }
        });
    return different;
  }

  /** How many of each type there are in each hour (hours since the epoch). */
  Map<String, Map<Long, Long>> byTypeAndHour() {
    Map<String, Map<Long, Long>> counts = new TreeMap<>();
    for (EventKey key : byIdentity.values()) {
      counts
          .computeIfAbsent(key.eventType(), ignored -> new TreeMap<>())
          .merge(key.hour(), 1L, Long::sum);
    }
    return counts;
  }

  private static Identity identity(EventKey key) {
    return new Identity(key.eventId(), Math.floorDiv(key.tsMicros(), Timestamps.MICROS_PER_DAY));
  }

  private record Identity(String eventId, long day) {}
}
