package io.tributary.smoke;

import io.tributary.reader.EventKey;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether everything that was sent is everywhere, and only once. Other events may be there too: all
 * places have to agree about them as well, because every count of a range contains them.
 */
final class SmokeCheck {
  private static final int SHOWN = 10;
  private static final long MICROS_PER_HOUR = 3_600_000_000L;

  private final View lake;
  private final View index;
  private final List<Counter> counters;

  SmokeCheck(View lake, View index, List<Counter> counters) {
    this.lake = lake;
    this.index = index;
    this.counters = counters;
  }

  /**
   * What one look around found.
   *
   * @param sizes one line a place
   * @param differences one line a difference; the first ten of each kind, then how many more
   */
  record Findings(List<String> sizes, List<String> differences) {
    boolean isEqual() {
      return differences.isEmpty();
    }
  }

  /**
   * Looks at ids and counts once.
   *
   * @throws IOException when a place cannot be read
   */
  Findings look(SentEvents sent) throws IOException {
    return look(sent, counters);
  }

  /**
   * Looks at ids alone once.
   *
   * @throws IOException when a place cannot be read
   */
  Findings lookAtIds(SentEvents sent) throws IOException {
    return look(sent, List.of());
  }

  private Findings look(SentEvents sentEvents, List<Counter> asked) throws IOException {
    Keys sent = Keys.of(sentEvents.keys());
    List<String> sizes = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    TimeRange range = sentEvents.range();
    size(sizes, "sent", sent.size(), "");
    if (sent.size() == 0) {
      differences.add("nothing was sent: there is nothing to compare");
      return new Findings(sizes, differences);
    }
    Keys inLake = Keys.of(lake.ids(range));
    Keys inIndex = Keys.of(index.ids(range));
    Keys all = sent.union(inLake);
    int others = all.size() - sent.size();
    size(sizes, lake.name(), inLake.size(), others == 0 ? "" : others(others));
    size(sizes, index.name(), inIndex.size(), others == 0 ? "" : others(others));
    differences(differences, "sent, not in the lake", sent.missingIn(inLake));
    differences(differences, "sent, not in the index", sent.missingIn(inIndex));
    differences(differences, "of another type or hour in the lake", sent.differentIn(inLake));
    differences(differences, "of another type or hour in the index", all.differentIn(inIndex));
    differences(differences, "more than once in the lake", inLake.repeated());
    differences(differences, "more than once in the index", inIndex.repeated());
    differences(differences, "in the lake, not in the index", withoutSent(inLake, inIndex, sent));
    differences(differences, "in the index, neither sent nor in the lake", inIndex.missingIn(all));
    for (Counter counter : asked) {
      counts(counter, all.byTypeAndHour(), range, sizes, differences);
    }
    return new Findings(sizes, differences);
  }

  private static List<EventKey> withoutSent(Keys inLake, Keys inIndex, Keys sent) {
    Set<EventKey> alreadyTold = new HashSet<>(sent.missingIn(inIndex));
    return inLake.missingIn(inIndex).stream().filter(key -> !alreadyTold.contains(key)).toList();
  }

  /** Each type over the whole range, and each hour as the sum of its types. */
  private static void counts(
      Counter counter,
      Map<String, Map<Long, Long>> expected,
      TimeRange range,
      List<String> sizes,
      List<String> differences)
      throws IOException {
    long total = 0;
    int hoursAsked = 0;
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Map<Long, Long>> type : expected.entrySet()) {
      long typeTotal = type.getValue().values().stream().mapToLong(Long::longValue).sum();
      long answer = counter.count(type.getKey(), range);
      total += answer;
      if (answer != typeTotal) {
        wrong.add(
            text(
                "%s counts %,d of type %s, expected %,d",
                counter.name(), answer, type.getKey(), typeTotal));
      }
      for (Map.Entry<Long, Long> hour : type.getValue().entrySet()) {
        TimeRange within =
            new TimeRange(hour.getKey() * MICROS_PER_HOUR, (hour.getKey() + 1) * MICROS_PER_HOUR);
        long inHour = counter.count(type.getKey(), within);
        hoursAsked++;
        if (inHour != hour.getValue()) {
          wrong.add(
              text(
                  "%s counts %,d of type %s in the hour of %s, expected %,d",
                  counter.name(),
                  inHour,
                  type.getKey(),
                  Timestamps.isoMicros(within.startMicros()),
                  hour.getValue()));
        }
      }
    }
    size(
        sizes,
        counter.name(),
        total,
        text("%,d types, %,d hours of a type", expected.size(), hoursAsked));
    shortened(differences, wrong);
  }

  private static void differences(List<String> lines, String what, List<EventKey> keys) {
    List<String> all = new ArrayList<>();
    for (EventKey key : keys) {
      all.add(
          "%s: %s (%s, %s)"
              .formatted(
                  what, key.eventId(), key.eventType(), Timestamps.isoMicros(key.tsMicros())));
    }
    shortened(lines, all);
  }

  private static void shortened(List<String> lines, List<String> all) {
    lines.addAll(all.subList(0, Math.min(SHOWN, all.size())));
    if (all.size() > SHOWN) {
      lines.add(text("… and %,d more of these", all.size() - SHOWN));
    }
  }

  private static void size(List<String> lines, String name, long size, String remark) {
    lines.add(String.format(Locale.ROOT, "%-26s %,9d  %s", name, size, remark).stripTrailing());
  }

  private static String others(int others) {
    return text("(%,d of others)", others);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
