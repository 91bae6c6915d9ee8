package io.tributary.lake.audit;

import io.tributary.event.DocumentedEvent;
import io.tributary.event.DocumentedFields;
import io.tributary.event.Event;
import io.tributary.event.TypedField;
import io.tributary.event.TypedValues;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.time.TimeRange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents whole and finds those whose text is not what their digest was computed of, and
 * those whose typed fields are neither what the event's {@code params} give today nor what the row
 * has. Spark spreads the reading over its tasks; nothing but what is found comes back.
 */
final class AlteredDocuments {
  private static final int PARTS_A_SLOT = 4;

  private final AuditPlace place;
  private final LakeSide lake;

  AlteredDocuments(AuditPlace place, LakeSide lake) {
    this.place = place;
    this.lake = lake;
  }

  /**
   * Reads all documents of some sets.
   *
   * @param range in which their rows lie
   */
  List<Found> in(List<DocumentSet> sets, TimeRange range) {
    if (sets.isEmpty()) {
      return List.of();
    }
    int parts =
        Math.min(sets.size(), PARTS_A_SLOT * place.spark().sparkContext().defaultParallelism());
    JavaRDD<Found> read =
        JavaSparkContext.fromSparkContext(place.spark().sparkContext())
            .parallelize(sets, parts)
            .mapPartitions(new Reading(place.elasticsearch(), place.fields()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Found> found = new ArrayList<>(read.filter(each -> each.fields() == null).collect());
      JavaRDD<Found> suspects = read.filter(each -> each.fields() != null);
      if (!suspects.isEmpty()) {
        found.addAll(StoredFields.notIn(lake, range, place.fields(), suspects));
      }
      return found;
    } finally {
      read.unpersist();
    }
  }

  /**
   * A document that is not what it should be.
   *
   * @param fields when only its typed fields are in question, what they are
   * @param problem why the set could not be read; null for a document that was
   */
  record Found(DocumentSet set, String id, @Nullable String fields, @Nullable String problem)
      implements Serializable {}

  private record Reading(ElasticsearchSettings elasticsearch, List<TypedField> fields)
      implements FlatMapFunction<Iterator<DocumentSet>, Found> {
    @Override
    public Iterator<Found> call(Iterator<DocumentSet> sets) {
      List<Found> found = new ArrayList<>();
      TypedValues values = new TypedValues(fields);
      DocumentedFields documented = new DocumentedFields(fields);
      try (DayIndices indices = new DayIndices(elasticsearch)) {
        while (sets.hasNext()) {
          DocumentSet set = sets.next();
          try {
            indices.read(
                set,
                DayIndices.Content.SOURCES,
                document -> look(set, document, values, documented, found));
          } catch (UnreadableDayException e) {
            found.add(new Found(set, "", null, String.valueOf(e.getMessage())));
          }
        }
      }
      return found.iterator();
    }

    private void look(
        DocumentSet set,
        FoundDocument document,
        TypedValues values,
        DocumentedFields documented,
        List<Found> found) {
      Optional<Event> event = asItWas(document);
      if (event.isEmpty()) {
        found.add(new Found(set, document.id(), null, null));
      } else if (!fields.isEmpty()) {
        String spelled = documented.spelled(document.source());
        if (!spelled.equals(documented.spelled(values.of(event.get().params())))) {
          found.add(new Found(set, document.id(), spelled, null));
        }
      }
    }

    private static Optional<Event> asItWas(FoundDocument document) {
      return DocumentedEvent.of(document.source())
          .filter(event -> event.eventId().equals(document.id()))
          .filter(event -> event.digest() == document.digest());
    }
  }
}
