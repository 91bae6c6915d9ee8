package io.tributary.lake.audit;

import io.tributary.event.DocumentedEvent;
import io.tributary.lake.index.ElasticsearchSettings;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;

/**
 * Reads documents whole and finds those whose text is not what their digest was computed of. Spark
 * spreads the reading over its tasks; nothing but what is found comes back.
 */
final class AlteredDocuments {
  private static final int PARTS_A_SLOT = 4;

  private final SparkSession spark;
  private final ElasticsearchSettings elasticsearch;

  AlteredDocuments(SparkSession spark, ElasticsearchSettings elasticsearch) {
    this.spark = spark;
    this.elasticsearch = elasticsearch;
  }

  /** Reads all documents of some sets. */
  List<Found> in(List<DocumentSet> sets) {
    if (sets.isEmpty()) {
      return List.of();
    }
    int parts = Math.min(sets.size(), PARTS_A_SLOT * spark.sparkContext().defaultParallelism());
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(sets, parts)
        .mapPartitions(new Reading(elasticsearch))
        .collect();
  }

  /** A document that is not what it was. */
  record Found(LocalDate day, String query, String id) implements Serializable {}

  private record Reading(ElasticsearchSettings elasticsearch)
      implements FlatMapFunction<Iterator<DocumentSet>, Found> {
    @Override
    public Iterator<Found> call(Iterator<DocumentSet> sets) {
      List<Found> found = new ArrayList<>();
      try (DayIndices indices = new DayIndices(elasticsearch)) {
        while (sets.hasNext()) {
          DocumentSet set = sets.next();
          indices.read(
              set,
              DayIndices.Content.SOURCES,
              document -> {
                if (!isAsItWas(document)) {
                  found.add(new Found(set.day(), set.query(), document.id()));
                }
              });
        }
      }
      return found.iterator();
    }

    private static boolean isAsItWas(FoundDocument document) {
      return DocumentedEvent.of(document.source())
          .filter(event -> event.eventId().equals(document.id()))
          .filter(event -> event.digest() == document.digest())
          .isPresent();
    }
  }
}
