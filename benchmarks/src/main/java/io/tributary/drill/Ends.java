package io.tributary.drill;

import io.tributary.drill.SentRecord.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The next offset of every partition of every generation of the topic. */
final class Ends {
  private final Map<Integer, Map<Integer, Long>> next = new TreeMap<>();

  /** The ends of what was sent. */
  static Ends of(List<SentRecord> sent) {
    Ends ends = new Ends();
    for (SentRecord record : sent) {
      ends.partitions(record.place().generation())
          .merge(record.place().partition(), record.place().offset() + 1, Math::max);
    }
    return ends;
  }

  /** Sets one, also to a smaller offset than before. */
  void set(int generation, int partition, long offset) {
    partitions(generation).put(partition, offset);
  }

  private Map<Integer, Long> partitions(int generation) {
    return next.computeIfAbsent(generation, absent -> new TreeMap<>());
  }

  /** The partitions of a generation of which something is known. */
  Set<Integer> partitionsOf(int generation) {
    return partitions(generation).keySet();
  }

  /** The next offset; 0 where nothing is known. */
  long next(int generation, int partition) {
    return partitions(generation).getOrDefault(partition, 0L);
  }

  /** Whether a place lies before the end of its partition. */
  boolean cover(Place place) {
    return place.offset() < next(place.generation(), place.partition());
  }

  /** All offsets of one generation together. */
  long sum(int generation) {
    return partitions(generation).values().stream().mapToLong(Long::longValue).sum();
  }

  /** All offsets together. */
  long sum() {
    return next.values().stream()
        .flatMap(partitions -> partitions.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }
}
