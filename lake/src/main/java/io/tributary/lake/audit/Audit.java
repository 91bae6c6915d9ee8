package io.tributary.lake.audit;

import io.delta.kernel.engine.Engine;
import io.tributary.event.TypedField;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.reindex.Reindex;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares the index with the lake: hours by count and digest, the minutes of hours that differ,
 * and only of minutes that differ the ids. What differs is named and, if ordered, mended: the lake
 * is the truth.
 *
 * <p>Not thread-safe.
 */
public final class Audit {
  private final AuditPlace place;

  /**
   * @param fields the typed fields of the documents
   * @param index asked again and again whether what is compared is still our index
   */
  public Audit(
      SparkSession spark,
      Engine engine,
      ElasticsearchSettings elasticsearch,
      String lakeRoot,
      List<TypedField> fields,
      Reindex reindex,
      IndexLetters letters,
      StillOurs index) {
    this.place =
        new AuditPlace(
            spark, engine, elasticsearch, lakeRoot, List.copyOf(fields), reindex, letters, index);
  }

  /**
   * Compares, and repairs if ordered. Hours for whose index Elasticsearch gives no answer are named
   * as that.
   *
   * @throws UncheckedIOException when Elasticsearch does not answer at all, and nothing was mended
   * @throws IndexNotOursException when the index is not ours any more, and nothing was mended
   */
  public AuditReport run(AuditOrder order) {
    AuditReport report = compare(order);
    if (order.remedy() == AuditOrder.Remedy.NAMED || report.findings().isEmpty()) {
      return report;
    }
    List<Instant> found = report.findings().stream().map(HourFinding::hour).sorted().toList();
    if (report.notCompared().stream()
        .map(AuditReport.NotCompared::hour)
        .collect(Collectors.toSet())
        .containsAll(found)) {
      // They have to be compared another time anyway.
      return report;
    }
    // What was mended is looked at again: a repair that did not succeed is a difference.
    TimeRange again =
        AuditOrder.wholeHours(found.get(0), found.get(found.size() - 1).plus(1, ChronoUnit.HOURS));
    try {
      return report.leaving(
          compare(
              new AuditOrder(
                  again, order.judged(), AuditOrder.Closeness.DIGESTS, AuditOrder.Remedy.NAMED)));
    } catch (Exception | FSError e) {
      // Whatever it is, also what Spark throws undeclared: what was mended has to be told.
      return report.notLookedAtAgain(Comparison.told(e));
    }
  }

  private AuditReport compare(AuditOrder order) {
    Dataset<Row> refused = place.letters().identities().persist();
    try (DayIndices indices = new DayIndices(place.elasticsearch());
        IndexAdministration administration = new IndexAdministration(place.elasticsearch())) {
      return new Comparison(place, order, indices, administration, refused).run();
    } catch (UncheckedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot compare the index with the lake: %s. Check that Elasticsearch runs, then start again."
              .formatted(e.getMessage()),
          e);
    } finally {
      refused.unpersist();
    }
  }
}
