package io.tributary.lake.deduplication;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identities of the lake's events on the days that the stream touches, kept in the driver
 * within a fixed memory. What is lost here is read from the lake again; nothing is decided by it
 * that the lake would decide otherwise, because equal hash <em>and</em> equal digest is the same
 * event, and every other meeting of hashes is looked up in the lake.
 *
 * <p>A day is kept exactly ({@link ExactDay}) while there is room, by a filter ({@link
 * FilteredDay}) when there is less, and not at all when there is none. When memory runs short, the
 * days untouched for longest give way first: exact days become filters, then filters go. The day
 * that most of the batch at hand belongs to stays exact for as long as it fits at all.
 */
final class KnownEvents {
  private static final Logger LOG = LoggerFactory.getLogger(KnownEvents.class);

  /** Reading the whole day so often costs as much as knowing it would have cost. */
  private static final int SCANS_WORTH_A_LOAD = 2;

  /** In the order of their last batch. */
  private final LinkedHashMap<Integer, KnownDay> days = new LinkedHashMap<>();

  private final long budget;
  private final long smallDay;
  private int warnedOf = Integer.MIN_VALUE;

  /**
   * @param budget bytes that may be kept over all days
   * @param smallDay a day of fewer events is not worth a filter: it is read again when it is needed
   */
  KnownEvents(long budget, long smallDay) {
    this.budget = budget;
    this.smallDay = smallDay;
  }

  /**
   * Those of the days that must be read from the lake: the ones not known, and the ones known so
   * badly that reading them pays and for which there is room now.
   *
   * @param touched how many events of the batch belong to each day
   */
  List<Integer> missing(Map<Integer, Integer> touched) {
    List<Integer> missing = new ArrayList<>();
    for (int day : touched.keySet()) {
      KnownDay known = days.remove(day);
      if (known != null) {
        days.put(day, known);
      }
      if (known == null || known instanceof UnknownDay) {
        missing.add(day);
      } else if (known instanceof FilteredDay filtered
          && (filtered.isFull()
              || (filtered.scans() >= SCANS_WORTH_A_LOAD
                  && fitsExactly(
                      ExactDay.bytesFor(filtered.events()) - filtered.bytes(), touched)))) {
        missing.add(day);
      }
    }
    missing.sort(null);
    return missing;
  }

  /**
   * Decides how each of some days is going to be known, and makes the room for it. The days come
   * back empty, to be filled and then handed over by {@link #know}.
   *
   * @param events how many events the lake has of each of them
   * @param touched how many events of the batch belong to each day of the batch
   */
  Map<Integer, KnownDay> plan(Map<Integer, Long> events, Map<Integer, Integer> touched) {
    events.keySet().forEach(days::remove);
    Map<Integer, KnownDay> planned = new LinkedHashMap<>();
    long promised = 0;
    // The busiest first: for them it matters most to be known exactly.
    List<Integer> busiest =
        events.keySet().stream()
            .sorted(
                Comparator.comparingInt((Integer day) -> -touched.getOrDefault(day, 0))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    for (int day : busiest) {
      long count = events.getOrDefault(day, 0L);
      long exact = ExactDay.bytesFor(count);
      long filter = FilteredDay.bytesFor(count);
      if (fitsExactly(promised + exact, touched)) {
        coolUntil(promised + exact, untouchedFirst(touched, Reach.UNTOUCHED));
        planned.put(day, new ExactDay());
        promised += exact;
      } else if (fits(promised + filter, touched)) {
        List<Integer> candidates = untouchedFirst(touched, Reach.UNTOUCHED);
        coolUntil(promised + filter, candidates);
        dropUntil(promised + filter, candidates);
        planned.put(day, new FilteredDay(count));
        promised += filter;
      } else {
        planned.put(day, new UnknownDay(count));
      }
    }
    return planned;
  }

  /** Whether so many bytes more fit once the untouched exact days are filters. */
  private boolean fitsExactly(long more, Map<Integer, Integer> touched) {
    long kept = 0;
    for (Map.Entry<Integer, KnownDay> day : days.entrySet()) {
      kept +=
          touched.containsKey(day.getKey()) ? day.getValue().bytes() : cooledBytes(day.getValue());
    }
    return kept + more <= budget;
  }

  /** Whether so many bytes more fit once nothing untouched is kept. */
  private boolean fits(long more, Map<Integer, Integer> touched) {
    long kept = 0;
    for (Map.Entry<Integer, KnownDay> day : days.entrySet()) {
      kept += touched.containsKey(day.getKey()) ? day.getValue().bytes() : 0;
    }
    return kept + more <= budget;
  }

  private long cooledBytes(KnownDay day) {
    if (!(day instanceof ExactDay)) {
      return day.bytes();
    }
    return day.events() < smallDay ? 0 : Math.min(day.bytes(), FilteredDay.bytesFor(day.events()));
  }

  /** Takes over a day that was read from the lake. */
  void know(int day, KnownDay known) {
    days.put(day, known);
  }

  /** What is known of a day of the batch at hand. */
  KnownDay day(int day) {
    KnownDay known = days.get(day);
    if (known == null) {
      throw new IllegalStateException("Day %d was asked for before it was loaded".formatted(day));
    }
    return known;
  }

  /** Adds an event that the lake has; of a day that is not known there is nothing to complete. */
  void add(int day, long hash, long digest) {
    KnownDay known = days.get(day);
    if (known != null) {
      known.add(hash, digest);
    }
  }

  /** The days of which anything is known. */
  Collection<Integer> days() {
    return List.copyOf(days.keySet());
  }

  /** Forgets everything, because somebody else has written to the lake. */
  void clear() {
    days.clear();
  }

  /**
   * Brings memory back into its bounds after events were added.
   *
   * @param touched how many events of the batch belong to each day
   */
  void trim(Map<Integer, Integer> touched) {
    days.values().removeIf(day -> day instanceof UnknownDay);
    if (bytes() <= budget) {
      return;
    }
    coolUntil(0, untouchedFirst(touched, Reach.ALL_BUT_THE_BUSIEST));
    dropUntil(0, untouchedFirst(touched, Reach.UNTOUCHED));
    if (bytes() > budget) {
      List<Integer> all = untouchedFirst(touched, Reach.ALL);
      warn(all.get(all.size() - 1));
      coolUntil(0, all);
      dropUntil(0, all);
    }
  }

  /** Once for each day, not for each of its batches. */
  private void warn(int busiest) {
    if (busiest != warnedOf) {
      warnedOf = busiest;
      LOG.warn(
          "Cannot remember all events of {}: they are more than {} MiB hold. Repeats are looked up in the lake instead, which is slow; raise lake.remembered-events and the heap.",
          LocalDate.ofEpochDay(busiest),
          budget >> 20);
    }
  }

  private enum Reach {
    UNTOUCHED,
    ALL_BUT_THE_BUSIEST,
    ALL
  }

  /** The days in the order in which they give way. */
  private List<Integer> untouchedFirst(Map<Integer, Integer> touched, Reach reach) {
    List<Integer> order =
        new ArrayList<>(days.keySet().stream().filter(day -> !touched.containsKey(day)).toList());
    if (reach != Reach.UNTOUCHED) {
      List<Integer> busy =
          days.keySet().stream()
              .filter(touched::containsKey)
              .sorted(Comparator.comparingInt(day -> touched.getOrDefault(day, 0)))
              .toList();
      int leftOut = reach == Reach.ALL ? 0 : 1;
      order.addAll(busy.subList(0, Math.max(0, busy.size() - leftOut)));
    }
    return order;
  }

  private void coolUntil(long more, List<Integer> candidates) {
    long kept = bytes();
    for (int day : candidates) {
      if (kept + more <= budget) {
        return;
      }
      if (days.get(day) instanceof ExactDay exact && cooledBytes(exact) < exact.bytes()) {
        kept -= exact.bytes();
        if (exact.events() < smallDay) {
          days.remove(day);
        } else {
          FilteredDay filtered = exact.filtered();
          days.replace(day, filtered);
          kept += filtered.bytes();
        }
      }
    }
  }

  private void dropUntil(long more, List<Integer> candidates) {
    long kept = bytes();
    for (int day : candidates) {
      if (kept + more <= budget) {
        return;
      }
      KnownDay dropped = days.remove(day);
      kept -= dropped == null ? 0 : dropped.bytes();
    }
  }

  /** How many events are known exactly. */
  long size() {
    return days.values().stream()
        .filter(ExactDay.class::isInstance)
        .mapToLong(KnownDay::events)
        .sum();
  }

  /** How much memory is taken, in bytes. */
  long bytes() {
    return days.values().stream().mapToLong(KnownDay::bytes).sum();
  }
}
