package io.tributary.lake.audit;

import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport.ComparedHour;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the index with the lake: hours by count and digest, the minutes of hours that differ,
 * and only of minutes that differ the ids. What differs is named and, if ordered, mended: the lake
 * is the truth.
 *
 * <p>Not thread-safe.
 */
public final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  /** So many rows are compared by id at a time, in the driver's memory. */
  private static final long ROWS_AT_A_TIME = 200_000;

  private final SparkSession spark;
  private final Engine engine;
  private final ElasticsearchSettings elasticsearch;
  private final String eventsPath;
  private final Reindex reindex;
  private final IndexLetters letters;

  public Audit(
      SparkSession spark,
      Engine engine,
      ElasticsearchSettings elasticsearch,
      String lakeRoot,
      Reindex reindex,
      IndexLetters letters) {
    this.spark = spark;
    this.engine = engine;
    this.elasticsearch = elasticsearch;
    this.eventsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    this.reindex = reindex;
    this.letters = letters;
  }

  /**
   * Compares, and repairs if ordered.
   *
   * @throws java.io.UncheckedIOException when Elasticsearch does not answer
   */
  public AuditReport run(AuditOrder order) {
    AuditReport report = compare(order);
    if (order.remedy() == AuditOrder.Remedy.NAMED || report.findings().isEmpty()) {
      return report;
    }
    // What was mended is looked at again: a repair that did not succeed is a difference.
    List<Instant> found = report.findings().stream().map(HourFinding::hour).sorted().toList();
    TimeRange again =
        AuditOrder.wholeHours(found.get(0), found.get(found.size() - 1).plus(1, ChronoUnit.HOURS));
    AuditReport left =
        compare(
            new AuditOrder(
                again, order.judged(), AuditOrder.Closeness.DIGESTS, AuditOrder.Remedy.NAMED));
    return report.leaving(left.remaining());
  }

  private AuditReport compare(AuditOrder order) {
    Dataset<Row> refused = letters.identities().persist();
    try (DayIndices indices = new DayIndices(elasticsearch)) {
      return new Comparison(order, indices, refused).run();
    } finally {
      refused.unpersist();
    }
  }

  private Dataset<Row> events() {
    return spark.read().format("delta").load(eventsPath);
  }

  private Dataset<Row> events(long version) {
    return spark.read().format("delta").option("versionAsOf", version).load(eventsPath);
  }

  /** One run. */
  private final class Comparison {
    private final AuditOrder order;
    private final DayIndices indices;
    private final Dataset<Row> refused;
    private final boolean anyRefused;
    private final long version;
    private final LakeSide lake;
    private final Map<Long, Tally> tallies = new HashMap<>();

    Comparison(AuditOrder order, DayIndices indices, Dataset<Row> refused) {
      this.order = order;
      this.indices = indices;
      this.refused = refused;
      this.anyRefused = !refused.isEmpty();
      this.version = TableManager.loadSnapshot(eventsPath).build(engine).getVersion();
      this.lake = new LakeSide(spark, events(version), order.judged());
    }

    AuditReport run() {
      indices.refresh();
      TreeMap<Long, ComparedHour> hours = compare(order.range());
      List<Long> differing =
          hours.entrySet().stream()
              .filter(hour -> !hour.getValue().agrees())
              .map(Map.Entry::getKey)
              .sorted(Comparator.reverseOrder())
              .toList();
      LOG.info(
          "Compared {} hours at version {}: {} differ", hours.size(), version, differing.size());
      // Texts before repairs: a repair would hide what had been changed beside its digest.
      Map<Long, List<AlteredDocuments.Found>> altered = alteredTexts(hours);
      differing.forEach(this::narrow);
      altered.forEach(this::nameAltered);
      strays();
      List<HourFinding> findings =
          tallies.entrySet().stream()
              .sorted(Map.Entry.<Long, Tally>comparingByKey().reversed())
              .filter(tally -> !tally.getValue().isEmpty())
              .map(tally -> tally.getValue().of(hour(hours, tally.getKey())))
              .toList();
      return new AuditReport(
          version,
          List.copyOf(hours.values()),
          findings,
          findings.stream().map(HourFinding::hour).toList());
    }

    private static ComparedHour hour(TreeMap<Long, ComparedHour> hours, long start) {
      ComparedHour hour = hours.get(start);
      return hour == null
          ? new ComparedHour(instant(start), RangeDigest.NONE, RangeDigest.NONE, RangeDigest.NONE)
          : hour;
    }

    private TreeMap<Long, ComparedHour> compare(TimeRange range) {
      TreeMap<Long, RangeDigest> rows = lake.digests(range, Grain.HOUR);
      TreeMap<Long, RangeDigest> rejected =
          anyRefused ? lake.refused(range, Grain.HOUR, refused) : new TreeMap<>();
      TreeMap<Long, RangeDigest> documents = new TreeMap<>();
      for (LocalDate day : indices.days()) {
        TimeRange part = intersection(DocumentSet.wholeDay(day), range);
        if (!part.isEmpty()) {
          documents.putAll(
              indices.digests(DocumentSet.within(day, part, order.judged()), Grain.HOUR));
        }
      }
      TreeMap<Long, ComparedHour> hours = new TreeMap<>();
      Set<Long> starts = new TreeSet<>(rows.keySet());
      starts.addAll(documents.keySet());
      for (long start : starts) {
        hours.put(
            start,
            new ComparedHour(
                instant(start),
                rows.getOrDefault(start, RangeDigest.NONE),
                documents.getOrDefault(start, RangeDigest.NONE),
                rejected.getOrDefault(start, RangeDigest.NONE)));
      }
      return hours;
    }

    /** By hour, the documents whose texts are not what their digests say. */
    private Map<Long, List<AlteredDocuments.Found>> alteredTexts(
        TreeMap<Long, ComparedHour> hours) {
      if (order.closeness() == AuditOrder.Closeness.DIGESTS) {
        return Map.of();
      }
      Map<DocumentSet, Long> sets = new HashMap<>();
      hours.forEach(
          (start, hour) -> {
            if (hour.index().count() > 0) {
              sets.put(documents(piece(start, Grain.HOUR)), start);
            }
          });
      Map<Long, List<AlteredDocuments.Found>> byHour = new TreeMap<>();
      for (AlteredDocuments.Found found :
          new AlteredDocuments(spark, elasticsearch).in(List.copyOf(sets.keySet()))) {
        Long start = sets.get(new DocumentSet(found.day(), found.query()));
        if (start != null) {
          byHour.computeIfAbsent(start, absent -> new ArrayList<>()).add(found);
        }
      }
      return byHour;
    }

    /** Names the differences of an hour by looking at the ids of the minutes that differ. */
    private void narrow(long start) {
      TimeRange hour = piece(start, Grain.HOUR);
      TreeMap<Long, RangeDigest> rows = lake.digests(hour, Grain.MINUTE);
      TreeMap<Long, RangeDigest> documents = indices.digests(documents(hour), Grain.MINUTE);
      Set<Long> minutes = new TreeSet<>(rows.keySet());
      minutes.addAll(documents.keySet());
      minutes.removeIf(
          minute -> rows.containsKey(minute) && rows.get(minute).equals(documents.get(minute)));
      List<TimeRange> windows = new ArrayList<>();
      @Nullable TimeRange window = null;
      long size = 0;
      for (long minute : minutes) {
        TimeRange piece = piece(minute, Grain.MINUTE);
        long more =
            rows.getOrDefault(minute, RangeDigest.NONE).count()
                + documents.getOrDefault(minute, RangeDigest.NONE).count();
        if (window != null
            && window.endMicros() == piece.startMicros()
            && size + more <= ROWS_AT_A_TIME) {
          window = new TimeRange(window.startMicros(), piece.endMicros());
          size += more;
        } else {
          if (window != null) {
            windows.add(window);
          }
          window = piece;
          size = more;
        }
      }
      if (window != null) {
        windows.add(window);
      }
      windows.forEach(each -> compareIds(each, tally(start)));
    }

    private void compareIds(TimeRange window, Tally tally) {
      LocalDate day = day(window.startMicros());
      LakeSide.Ids ids = lake.ids(window);
      ids.doubled().forEach(id -> tally.add(Difference.Kind.DOUBLED, id, day));
      Map<String, Long> unmatched = new HashMap<>(ids.digests());
      List<String> altered = new ArrayList<>();
      Map<String, FoundDocument> withoutRow = new HashMap<>();
      indices.read(
          documents(window),
          DayIndices.Content.DIGESTS,
          document -> {
            Long digest = unmatched.remove(document.id());
            if (digest == null) {
              withoutRow.put(document.id(), document);
            } else if (digest != document.digest()) {
              altered.add(document.id());
            }
          });
      Set<String> missing = unmatched.keySet();
      if (anyRefused && !missing.isEmpty()) {
        missing.removeAll(lake.refusedIds(window, refused).digests().keySet());
      }
      // A document of another hour of the day is this event's, with a time that was altered.
      Set<String> elsewhere = indices.existing(day, missing);
      altered.addAll(elsewhere);
      missing.removeAll(elsewhere);
      missing.forEach(id -> tally.add(Difference.Kind.MISSING, id, day));
      altered.forEach(id -> tally.add(Difference.Kind.ALTERED, id, day));
      Set<String> written = new HashSet<>(missing);
      written.addAll(altered);
      overwrite(window, written, tally);
      settleWithoutRow(day, withoutRow, tally);
    }

    /** Documents that have no row where they are: they may have one elsewhere on their day. */
    private void settleWithoutRow(
        LocalDate day, Map<String, FoundDocument> documents, Tally tally) {
      if (documents.isEmpty()) {
        return;
      }
      // Asked of the newest version: an import may have added the row since.
      LakeSide newest = new LakeSide(spark, events(), JudgedOffsets.all());
      Map<String, Long> times = newest.times(day, documents.keySet());
      List<FoundDocument> extra = new ArrayList<>();
      Set<String> moved = new HashSet<>();
      documents.forEach(
          (id, document) -> {
            Long time = times.get(id);
            if (time == null) {
              tally.add(Difference.Kind.EXTRA, id, day);
              extra.add(document);
            } else if (!order.range().contains(time)) {
              // Inside the range it is named in the hour of its row.
              tally.add(Difference.Kind.ALTERED, id, day);
              moved.add(id);
            }
          });
      if (order.remedy() == AuditOrder.Remedy.REPAIRED) {
        tally.deleted(indices.delete(day, extra));
        overwrite(newest, DocumentSet.wholeDay(day), moved, tally);
      }
    }

    private void nameAltered(long start, List<AlteredDocuments.Found> found) {
      Tally tally = tally(start);
      Set<String> ids = new HashSet<>();
      found.forEach(document -> ids.add(document.id()));
      Set<String> rows =
          lake
              .withIds(piece(start, Grain.HOUR), ids)
              .select(LakeLayout.EVENT_ID)
              .collectAsList()
              .stream()
              .map(row -> row.getString(0))
              .collect(Collectors.toSet());
      // One without a row is extra, and named as that; one of another digest is named already.
      rows.removeIf(id -> !tally.add(Difference.Kind.ALTERED, id, day(start)));
      overwrite(piece(start, Grain.HOUR), rows, tally);
    }

    /** Documents whose time does not lie on the day of their index. */
    private void strays() {
      for (LocalDate day : indices.days()) {
        TimeRange whole = DocumentSet.wholeDay(day);
        DocumentSet strays = DocumentSet.strays(day, order.judged());
        if (!intersection(whole, order.range()).equals(whole) || indices.count(strays) == 0) {
          continue;
        }
        Map<String, FoundDocument> found = new HashMap<>();
        indices.read(
            strays, DayIndices.Content.DIGESTS, document -> found.put(document.id(), document));
        settleWithoutRow(day, found, tally(whole.startMicros()));
      }
    }

    private void overwrite(TimeRange range, Collection<String> ids, Tally tally) {
      if (order.remedy() == AuditOrder.Remedy.REPAIRED) {
        overwrite(lake, range, ids, tally);
      }
    }

    private void overwrite(LakeSide side, TimeRange range, Collection<String> ids, Tally tally) {
      if (ids.isEmpty()) {
        return;
      }
      Reindex.Reindexed done = reindex.write(side.withIds(range, ids), Existing.REPLACED);
      letters.add(done.refused());
      tally.written(done.rows() - done.refused().size());
      tally.refused(done.refused().size());
    }

    private Tally tally(long start) {
      return tallies.computeIfAbsent(start, absent -> new Tally());
    }

    private DocumentSet documents(TimeRange range) {
      return DocumentSet.within(day(range.startMicros()), range, order.judged());
    }

    private static TimeRange piece(long start, Grain grain) {
      return new TimeRange(start, start + grain.micros());
    }

    private static LocalDate day(long micros) {
      return LocalDate.ofEpochDay(Math.floorDiv(micros, Timestamps.MICROS_PER_DAY));
    }

    private static Instant instant(long micros) {
      return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
    }

    private static TimeRange intersection(TimeRange one, TimeRange other) {
      long start = Math.max(one.startMicros(), other.startMicros());
      return new TimeRange(start, Math.max(start, Math.min(one.endMicros(), other.endMicros())));
    }
  }
}
