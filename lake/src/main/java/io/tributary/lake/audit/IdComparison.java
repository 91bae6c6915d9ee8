package io.tributary.lake.audit;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.table.DeadLetter;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Compares single documents with their rows, names those that differ, and mends them if ordered.
 *
 * @param refused identities of refused documents; null when there are none
 */
record IdComparison(
    AuditPlace place,
    AuditOrder order,
    DayIndices indices,
    LakeSide lake,
    @Nullable Dataset<Row> refused,
    Ahead ahead) {

  /** Compares a part of an hour. */
  void compare(TimeRange window, Tally tally) {
    LocalDate day = Comparison.day(window.startMicros());
    LakeSide.Ids ids = lake.ids(window);
    ids.doubled().forEach(id -> tally.add(Difference.Kind.DOUBLED, id, day));
    Map<String, Long> unmatched = new HashMap<>(ids.digests());
    Map<String, FoundDocument> others = new HashMap<>();
    Map<String, FoundDocument> withoutRow = new HashMap<>();
    indices.read(
        DocumentSet.within(day, window),
        DayIndices.Content.DIGESTS,
        document -> {
          Long digest = unmatched.remove(document.id());
          if (digest == null) {
            withoutRow.put(document.id(), document);
          } else if (digest != document.digest() && !ids.open().contains(document.id())) {
            others.put(document.id(), document);
          }
        });
    Set<String> altered = new HashSet<>(others.keySet());
    Set<String> missing = unmatched.keySet();
    missing.removeAll(ids.open());
    if (refused != null && !missing.isEmpty()) {
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
    // The row's own document cannot be; in its place there is none then, and not another's.
    others.keySet().retainAll(overwrite(lake, window, written, tally));
    if (!others.isEmpty()) {
      tally.deleted(indices.delete(day, others.values()));
    }
    settleWithoutRow(day, withoutRow, tally);
  }

  /** Looks for the rows of documents elsewhere on their day. */
  void settle(DocumentSet documents, Tally tally) {
    Map<String, FoundDocument> found = new HashMap<>();
    indices.read(
        documents, DayIndices.Content.DIGESTS, document -> found.put(document.id(), document));
    settleWithoutRow(documents.day(), found, tally);
  }

  /** Documents that have no row where they are: they may have one elsewhere on their day. */
  private void settleWithoutRow(LocalDate day, Map<String, FoundDocument> documents, Tally tally) {
    if (documents.isEmpty()) {
      return;
    }
    // Before the rows: what the lake query has passed by then has its row, if it ever gets one.
    ArrayNode onTheirWay = ahead.documents();
    // Asked of the newest version: the stream or an import may have added the row since.
    LakeSide newest = new LakeSide(place.spark(), place.events(), JudgedOffsets.all());
    Map<String, Long> times = newest.times(day, documents.keySet());
    Set<String> rowless = new HashSet<>(documents.keySet());
    rowless.removeAll(times.keySet());
    List<FoundDocument> extra = new ArrayList<>();
    for (String id : indices.among(day, rowless, onTheirWay)) {
      FoundDocument document = documents.get(id);
      if (document != null) {
        tally.add(Difference.Kind.EXTRA, id, day);
        extra.add(document);
      }
    }
    Set<String> moved = new HashSet<>();
    times.forEach(
        (id, time) -> {
          if (!order.range().contains(time)) {
            // Inside the range it is named in the hour of its row.
            tally.add(Difference.Kind.ALTERED, id, day);
            moved.add(id);
          }
        });
    if (order.remedy() == AuditOrder.Remedy.REPAIRED && !extra.isEmpty()) {
      place.index().require();
      tally.repairBegins();
      tally.deleted(indices.delete(day, extra));
    }
    overwrite(newest, DocumentSet.wholeDay(day), moved, tally);
  }

  /** Names documents of an hour whose texts were found to be altered. */
  void nameAltered(TimeRange hour, Set<String> found, Tally tally) {
    Set<String> rows =
        lake
            .withIds(hour, found)
            .where(col(LakeSide.JUDGED))
            .select(LakeLayout.EVENT_ID)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .collect(Collectors.toSet());
    // One without a row is extra, and named as that; one of another digest is named already.
    rows.removeIf(
        id -> !tally.add(Difference.Kind.ALTERED, id, Comparison.day(hour.startMicros())));
    overwrite(lake, hour, rows, tally);
  }

  /** The ids of those whose documents are refused. */
  private Set<String> overwrite(
      LakeSide side, TimeRange range, Collection<String> ids, Tally tally) {
    if (ids.isEmpty() || order.remedy() == AuditOrder.Remedy.NAMED) {
      return Set.of();
    }
    place.index().require();
    tally.repairBegins();
    Reindex.Reindexed done = place.reindex().write(side.withIds(range, ids), Existing.REPLACED);
    tally.written(done.rows() - done.refused().size());
    if (!done.refused().isEmpty()) {
      refuseIfForeign();
      place.letters().add(done.refused());
      tally.refused(done.refused().size());
    }
    return done.refused().stream().map(DeadLetter::eventId).collect(Collectors.toSet());
  }

  /** What an index refuses that was made without our templates, no other does. */
  private void refuseIfForeign() {
    try {
      Map<String, String> foreign = place.index().foreign();
      if (!foreign.isEmpty()) {
        throw new UnreadableDayException(
            "documents were refused by indices that were made without our templates (%s). Restart the streaming job, which makes these again from the lake"
                .formatted(foreign),
            new IOException("refused"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot look at the mappings of the indices: %s. Check that Elasticsearch runs, then start again."
              .formatted(e.getMessage()),
          e);
    }
    // Only now: the one that refused may have been foreign, and be gone by the time of the look.
    place.index().require();
  }
}
