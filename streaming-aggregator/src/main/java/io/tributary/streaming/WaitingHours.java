package io.tributary.streaming;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The hours that were written to and wait to be compared, in the order in which they came: none is
 * overtaken by newer ones. An hour leaves when all that was written to it is judged.
 *
 * <p>Not thread-safe.
 */
final class WaitingHours {
  /** So many are written down by name; of the others it is known after which commit to look. */
  static final int MOST_WRITTEN_DOWN = 1_000;

  private final LinkedHashMap<Instant, Commits> line = new LinkedHashMap<>();
  private long noted;

  private WaitingHours(long noted) {
    this.noted = noted;
  }

  /** Those that were left at a position. */
  static WaitingHours at(ViewPosition position) {
    WaitingHours hours = new WaitingHours(position.eventsVersion());
    position
        .hours()
        .forEach(hour -> hours.touched(Instant.ofEpochSecond(hour), position.eventsVersion()));
    return hours;
  }

  /**
   * The commits whose rows in an hour are not judged.
   *
   * @param first the version of the first of them, or before it
   * @param last the version of the last
   */
  private record Commits(long first, long last) {}

  /** Notes that a commit wrote to an hour. One that is in line keeps its place. */
  void touched(Instant hour, long version) {
    line.merge(
        hour,
        new Commits(version, version),
        (before, now) -> new Commits(before.first(), Math.max(before.last(), now.last())));
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

  /** Those whose turn it is, in the order of their time. */
  List<Instant> next(int most) {
    return line.keySet().stream().limit(most).sorted().toList();
  }

  /** All rows of an hour were judged as of a version: it leaves, unless it was written to since. */
  void judged(Instant hour, long asOf) {
    Commits commits = line.remove(hour);
    if (commits != null && commits.last() > asOf) {
      line.put(hour, new Commits(asOf + 1, commits.last()));
    }
  }

  /** An hour could not be compared, or not all of it: it goes to the end of the line. */
  void postponed(Instant hour) {
    Commits commits = line.remove(hour);
    if (commits != null) {
      line.put(hour, commits);
    }
  }

  /** From where another job can go on without forgetting any. */
  ViewPosition position() {
    List<Long> named = new ArrayList<>();
    long version = noted;
    for (var hour : line.entrySet()) {
      if (named.size() < MOST_WRITTEN_DOWN) {
        named.add(hour.getKey().getEpochSecond());
      } else {
        version = Math.min(version, hour.getValue().first() - 1);
      }
    }
    return new ViewPosition(version, named);
  }
}
