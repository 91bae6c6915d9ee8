package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.delta.kernel.TableManager;
import io.tributary.lake.audit.AuditReport.ComparedHour;
import io.tributary.lake.audit.AuditReport.NotCompared;
import io.tributary.lake.failure.RootCause;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of an audit, hour by hour; what the hours that differ hold is looked at by id. */
final class Comparison {
  private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

  /** So many rows are compared by id at a time, in the driver's memory. */
  private static final long ROWS_AT_A_TIME = 200_000;

  private final AuditPlace place;
  private final AuditOrder order;
  private final DayIndices indices;
  private final Dataset<Row> refused;
  private final boolean anyRefused;
  private final long version;
  private final LakeSide lake;
  private final ArrayNode notSettled;
  private final IdComparison ids;
  private final Tallies tallies = new Tallies();

  /** By hour, why it could not be compared. */
  private final TreeMap<Long, String> notCompared = new TreeMap<>();

  Comparison(
      AuditPlace place,
      AuditOrder order,
      DayIndices indices,
      IndexAdministration administration,
      Dataset<Row> refused) {
    this.place = place;
    this.order = order;
    this.indices = indices;
    this.refused = refused;
    this.anyRefused = !refused.isEmpty();
    this.version =
        order
            .judged()
            .version()
            .orElseGet(
                () ->
                    TableManager.loadSnapshot(place.eventsPath())
                        .build(place.engine())
                        .getVersion());
    this.lake = new LakeSide(place.spark(), place.events(version), order.judged());
    this.notSettled = order.judged().documentsNotSettled();
    this.ids =
        new IdComparison(
            place,
            order,
            indices,
            lake,
            anyRefused ? refused : null,
            new Ahead(place, administration));
  }

  /**
   * Compares, and mends if ordered. What a repair was begun of is told also when the rest fails: it
   * may not be found again.
   */
  AuditReport run() {
    place.index().require();
    indices.refresh();
    TreeMap<LocalDate, DayIndices.State> days = indices.days();
    TreeMap<Long, ComparedHour> hours = compare(days);
    List<Long> differing =
        hours.entrySet().stream()
            .filter(hour -> !hour.getValue().agrees())
            .map(Map.Entry::getKey)
            .sorted(Comparator.reverseOrder())
            .toList();
    LOG.info("Compared {} hours at version {}: {} differ", hours.size(), version, differing.size());
    try {
      lookAt(differing, days, hours);
      // What was missing may have been wiped meanwhile.
      place.index().require();
    } catch (Exception | FSError e) {
      // Spark throws checked exceptions that it does not declare, and Hadoop an error when a local
      // disk is full.
      List<HourFinding> repaired = tallies.repaired(hours);
      if (repaired.isEmpty()) {
        throw e;
      }
      String reason = "the comparison ended early: " + told(e);
      hours.keySet().forEach(start -> notCompared.putIfAbsent(start, reason));
      repaired.forEach(finding -> notCompared.putIfAbsent(micros(finding.hour()), reason));
      return report(List.of(), repaired);
    }
    hours.keySet().removeAll(notCompared.keySet());
    return report(List.copyOf(hours.values()), tallies.findings(hours));
  }

  /** Why something failed, for people. */
  static String told(Throwable failure) {
    return failure instanceof UncheckedIOException || failure instanceof IndexNotOursException
        ? String.valueOf(failure.getMessage())
        : RootCause.line(failure);
  }

  private void lookAt(
      List<Long> differing,
      TreeMap<LocalDate, DayIndices.State> days,
      TreeMap<Long, ComparedHour> hours) {
    // Texts before repairs: a repair would hide what had been changed beside its digest.
    Map<Long, Set<String>> altered = alteredTexts(hours);
    differing.forEach(start -> attempt(start, () -> narrow(start)));
    altered.forEach(
        (start, found) ->
            attempt(start, () -> ids.nameAltered(piece(start), found, tallies.of(start))));
    days.forEach((day, state) -> strays(day, state));
  }

  private AuditReport report(List<ComparedHour> hours, List<HourFinding> findings) {
    return new AuditReport(
        version,
        hours,
        findings,
        findings.stream().map(HourFinding::hour).toList(),
        notCompared.entrySet().stream()
            .map(hour -> new NotCompared(instant(hour.getKey()), hour.getValue()))
            .toList());
  }

  /** What Elasticsearch does not say of one hour keeps no other from being compared. */
  private void attempt(long start, Runnable work) {
    if (notCompared.containsKey(start)) {
      return;
    }
    try {
      work.run();
    } catch (UnreadableDayException e) {
      notCompared.put(start, String.valueOf(e.getMessage()));
    }
  }

  private TreeMap<Long, ComparedHour> compare(TreeMap<LocalDate, DayIndices.State> days) {
    TimeRange range = order.range();
    TreeMap<Long, RowSums> rows = lake.sums(range, Grain.HOUR);
    TreeMap<Long, RowSums> rejected =
        anyRefused ? lake.refused(range, Grain.HOUR, refused) : new TreeMap<>();
    TreeMap<Long, DocumentSums> documents = new TreeMap<>();
    Map<LocalDate, String> unreadable = new HashMap<>();
    days.forEach(
        (day, state) -> {
          TimeRange part = intersection(DocumentSet.wholeDay(day), range);
          if (part.isEmpty()) {
            return;
          }
          if (state == DayIndices.State.CLOSED) {
            unreadable.put(day, indices.closed(day));
            return;
          }
          try {
            documents.putAll(indices.sums(DocumentSet.within(day, part), Grain.HOUR, notSettled));
          } catch (UnreadableDayException e) {
            unreadable.put(day, String.valueOf(e.getMessage()));
            notCompared.put(part.startMicros(), String.valueOf(e.getMessage()));
          }
        });
    TreeMap<Long, ComparedHour> hours = new TreeMap<>();
    Set<Long> starts = new TreeSet<>(rows.keySet());
    starts.addAll(documents.keySet());
    for (long start : starts) {
      String reason = unreadable.get(day(start));
      if (reason == null) {
        hours.put(start, sides(start, rows, rejected, documents).compared(instant(start)));
      } else {
        notCompared.put(start, reason);
      }
    }
    return hours;
  }

  private static Sides sides(
      long start,
      TreeMap<Long, RowSums> rows,
      TreeMap<Long, RowSums> rejected,
      TreeMap<Long, DocumentSums> documents) {
    return new Sides(
        rows.getOrDefault(start, RowSums.NONE),
        rejected.getOrDefault(start, RowSums.NONE),
        documents.getOrDefault(start, DocumentSums.NONE));
  }

  /** By hour, the ids of documents whose texts are not what they should be. */
  private Map<Long, Set<String>> alteredTexts(TreeMap<Long, ComparedHour> hours) {
    if (order.closeness() == AuditOrder.Closeness.DIGESTS) {
      return Map.of();
    }
    Map<DocumentSet, Long> sets = new HashMap<>();
    hours.forEach(
        (start, hour) -> {
          if (hour.index().count() > 0) {
            sets.put(documents(piece(start)), start);
          }
        });
    Map<Long, Set<String>> byHour = new TreeMap<>();
    for (AlteredDocuments.Found found :
        new AlteredDocuments(place, lake).in(List.copyOf(sets.keySet()), order.range())) {
      Long start = sets.get(found.set());
      if (start == null) {
        continue;
      }
      if (found.problem() == null) {
        byHour.computeIfAbsent(start, absent -> new HashSet<>()).add(found.id());
      } else {
        notCompared.put(start, found.problem());
      }
    }
    return byHour;
  }

  /** Names the differences of an hour by looking at the ids of the minutes that differ. */
  private void narrow(long start) {
    TimeRange hour = piece(start);
    TreeMap<Long, RowSums> rows = lake.sums(hour, Grain.MINUTE);
    TreeMap<Long, DocumentSums> documents = indices.sums(documents(hour), Grain.MINUTE, notSettled);
    Set<Long> minutes = new TreeSet<>(rows.keySet());
    minutes.addAll(documents.keySet());
    minutes.removeIf(minute -> sides(minute, rows, new TreeMap<>(), documents).agree());
    windows(
            minutes,
            minute ->
                rows.getOrDefault(minute, RowSums.NONE).all().count()
                    + documents.getOrDefault(minute, DocumentSums.NONE).all().count())
        .forEach(window -> ids.compare(window, tallies.of(start)));
  }

  private interface Size {
    long of(long minute);
  }

  /** Minutes in a row are looked at together, as far as the memory goes. */
  private static List<TimeRange> windows(Set<Long> minutes, Size sizes) {
    List<TimeRange> windows = new ArrayList<>();
    @Nullable TimeRange window = null;
    long size = 0;
    for (long minute : minutes) {
      long end = minute + Grain.MINUTE.micros();
      long more = sizes.of(minute);
      if (window != null && window.endMicros() == minute && size + more <= ROWS_AT_A_TIME) {
        window = new TimeRange(window.startMicros(), end);
        size += more;
      } else {
        if (window != null) {
          windows.add(window);
        }
        window = new TimeRange(minute, end);
        size = more;
      }
    }
    if (window != null) {
      windows.add(window);
    }
    return windows;
  }

  /** Documents whose time does not lie on the day of their index. */
  private void strays(LocalDate day, DayIndices.State state) {
    TimeRange whole = DocumentSet.wholeDay(day);
    if (state == DayIndices.State.CLOSED || !intersection(whole, order.range()).equals(whole)) {
      return;
    }
    attempt(
        whole.startMicros(),
        () -> {
          DocumentSet strays = DocumentSet.strays(day);
          if (indices.count(strays) > 0) {
            ids.settle(strays, tallies.of(whole.startMicros()));
          }
        });
  }

  private static DocumentSet documents(TimeRange range) {
    return DocumentSet.within(day(range.startMicros()), range);
  }

  private static TimeRange piece(long start) {
    return new TimeRange(start, start + Grain.HOUR.micros());
  }

  static LocalDate day(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, Timestamps.MICROS_PER_DAY));
  }

  private static long micros(Instant start) {
    return start.getEpochSecond() * 1_000_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
  }

  private static TimeRange intersection(TimeRange one, TimeRange other) {
    long start = Math.max(one.startMicros(), other.startMicros());
    return new TimeRange(start, Math.max(start, Math.min(one.endMicros(), other.endMicros())));
  }
}
