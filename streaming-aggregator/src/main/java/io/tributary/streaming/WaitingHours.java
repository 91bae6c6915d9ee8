package io.tributary.streaming;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hours that were written to and wait to be compared, in the order in which they came. An hour
 * leaves when all that was written to it is judged. Half of those whose turn it is are the first in
 * line, so that none waits for ever; half are those written to last, so that an import of years
 * does not keep the hour of now from being compared.
 *
 * <p>Not thread-safe.
 */
final class WaitingHours {
  /** So many are written down by name; of the others it is known after which commit to look. */
  static final int MOST_WRITTEN_DOWN = 1_000;

  /** Those of older commits are written down too, however many: a start looks so far no more. */
  static final long MOST_COMMITS_UNNAMED = 3_000;

  private static final int HOURS_A_DAY = 24;

  private final LinkedHashMap<Instant, Waiting> line = new LinkedHashMap<>();
  private long noted;

  private WaitingHours(long noted) {
    this.noted = noted;
  }

  /** Those that were left at a position. */
  static WaitingHours at(ViewPosition position) {
    WaitingHours hours = new WaitingHours(position.eventsVersion());
    position
        .hours()
        .forEach(hour -> hours.asked(Instant.ofEpochSecond(hour), position.eventsVersion()));
    return hours;
  }

  /**
   * Why an hour waits: commits whose rows in it are not judged, or that somebody asked for it.
   *
   * @param first the version of the first of the commits, or before it
   * @param last the version of the last
   * @param asked whether it was asked for by its name: a later job that looks through the commits
   *     after {@code first} need not meet it there
   * @param failed whether it could not be compared when it was its turn
   */
  private record Waiting(long first, long last, boolean asked, boolean failed) {
    Waiting and(Waiting more) {
      return new Waiting(first, Math.max(last, more.last), asked || more.asked, failed);
    }

    Waiting failed(boolean now) {
      return new Waiting(first, last, asked, now);
    }
  }

  /** Notes that a commit wrote to an hour. One that is in line keeps its place. */
  void touched(Instant hour, long version) {
    line.merge(hour, new Waiting(version, version, false, false), Waiting::and);
  }

  private void asked(Instant hour, long version) {
    line.merge(hour, new Waiting(version, version, true, false), Waiting::and);
  }

  /** Asks for the other hours of an hour's day, as they are at a version. */
  void restOfDay(Instant hour, long version) {
    Instant day = hour.truncatedTo(ChronoUnit.DAYS);
    for (int i = 0; i < HOURS_A_DAY; i++) {
      Instant other = day.plus(i, ChronoUnit.HOURS);
      if (!other.equals(hour)) {
        asked(other, version);
      }
    }
  }

  /** All commits up to one are noted. */
  void notedUpTo(long version) {
    noted = version;
  }

  long noted() {
    return noted;
  }

  int size() {
    return line.size();
  }

  /** Those whose turn it is, in the order in which they are to be compared. */
  List<Instant> next(int most) {
    Set<Instant> next = new LinkedHashSet<>();
    Iterator<Instant> first = line.keySet().iterator();
    Iterator<Instant> newest = newest();
    while (next.size() < most && first.hasNext()) {
      next.add(first.next());
      if (next.size() < most && newest.hasNext()) {
        next.add(newest.next());
      }
    }
    return List.copyOf(next);
  }

  /** One that failed waits for its place in line: it would fail again in each turn. */
  private Iterator<Instant> newest() {
    return line.entrySet().stream()
        .filter(hour -> !hour.getValue().failed())
        .sorted(
            Comparator.comparingLong((Map.Entry<Instant, Waiting> hour) -> hour.getValue().last())
                .thenComparing(Map.Entry.comparingByKey())
                .reversed())
        .map(Map.Entry::getKey)
        .iterator();
  }

  /** All rows of an hour were judged as of a version: it leaves, unless it was written to since. */
  void judged(Instant hour, long asOf) {
    Waiting waiting = line.remove(hour);
    if (waiting != null && waiting.last() > asOf) {
      line.put(hour, new Waiting(asOf + 1, waiting.last(), waiting.asked(), false));
    }
  }

  /** Not all of an hour could be judged: it goes to the end of the line. */
  void postponed(Instant hour) {
    Waiting waiting = line.remove(hour);
    if (waiting != null) {
      line.put(hour, waiting.failed(false));
    }
  }

  /** An hour could not be compared: it goes to the end of the line. */
  void failed(Instant hour) {
    Waiting waiting = line.remove(hour);
    if (waiting != null) {
      line.put(hour, waiting.failed(true));
    }
  }

  /** Whether an hour could not be compared when it last was its turn. */
  boolean hasFailed(Instant hour) {
    Waiting waiting = line.get(hour);
    return waiting != null && waiting.failed();
  }

  /**
   * From where another job can go on without forgetting any, in whatever order they leave: those
   * that only their name tells are named, and of the others those of the oldest commits.
   */
  ViewPosition position() {
    Set<Instant> named = new HashSet<>();
    List<Map.Entry<Instant, Waiting>> found = new ArrayList<>();
    for (Map.Entry<Instant, Waiting> hour : line.entrySet()) {
      if (hour.getValue().asked()) {
        named.add(hour.getKey());
      } else {
        found.add(hour);
      }
    }
    found.sort(Comparator.comparingLong(hour -> hour.getValue().first()));
    long version = noted;
    for (Map.Entry<Instant, Waiting> hour : found) {
      long first = hour.getValue().first();
      if (named.size() >= MOST_WRITTEN_DOWN && first > noted - MOST_COMMITS_UNNAMED) {
        version = Math.min(version, first - 1);
        break;
      }
      named.add(hour.getKey());
    }
    return new ViewPosition(
        version,
        line.keySet().stream().filter(named::contains).map(Instant::getEpochSecond).toList());
  }
}
