package io.tributary.lake.index;

import static org.apache.spark.sql.functions.col;

import io.delta.kernel.engine.Engine;
import io.tributary.event.Provenance;
import io.tributary.lake.table.BlindAppend;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.TableLayouts;
import io.tributary.layout.LakeLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * The letters of documents that Elasticsearch refused for their content. A document may be offered
 * and refused again and again (a batch that is repeated, a reindex); its letter is written once.
 */
public final class IndexLetters {
  private final SparkSession spark;
  private final String path;
  private final BlindAppend<DeadLetter> letters;

  public IndexLetters(SparkSession spark, Engine engine, String lakeRoot) {
    this.spark = spark;
    this.path = LakeLayout.table(lakeRoot, LakeLayout.DEAD_LETTERS);
    this.letters = new BlindAppend<>(engine, lakeRoot, TableLayouts.deadLetters(), Map.of());
  }

  /**
   * Writes those letters that are not there yet.
   *
   * @return how many that were
   */
  public int record(List<DeadLetter> refused) {
    if (refused.isEmpty()) {
      return 0;
    }
    letters.createIfAbsent();
    Set<Coordinates> there = recorded(refused);
    List<DeadLetter> fresh =
        refused.stream().filter(letter -> !there.contains(Coordinates.of(letter))).toList();
    letters.append(fresh);
    return fresh.size();
  }

  private Set<Coordinates> recorded(List<DeadLetter> refused) {
    Object[] ids =
        refused.stream().map(DeadLetter::eventId).filter(Objects::nonNull).distinct().toArray();
    Set<Coordinates> found = new HashSet<>();
    for (Row row :
        spark
            .read()
            .format("delta")
            .load(path)
            .where(col(LakeLayout.STAGE).equalTo("index").and(col(LakeLayout.EVENT_ID).isin(ids)))
            .select(
                LakeLayout.KAFKA_TOPIC,
                LakeLayout.KAFKA_PARTITION,
                LakeLayout.KAFKA_OFFSET,
                LakeLayout.EVENT_ID)
            .collectAsList()) {
      found.add(new Coordinates(row.getString(0), row.getInt(1), row.getLong(2), row.getString(3)));
    }
    return found;
  }

  /** A row of an import has no place in Kafka; its id stands for it. */
  private record Coordinates(@Nullable String topic, int partition, long offset, String eventId) {
    static Coordinates of(DeadLetter letter) {
      Provenance.Kafka kafka = letter.kafka();
      String eventId = String.valueOf(letter.eventId());
      return kafka == null
          ? new Coordinates(null, 0, 0, eventId)
          : new Coordinates(kafka.topic(), kafka.partition(), kafka.offset(), eventId);
    }

    static Coordinates of(Row row) {
      return row.isNullAt(0)
          ? new Coordinates(null, 0, 0, row.getString(3))
          : new Coordinates(row.getString(0), row.getInt(1), row.getLong(2), row.getString(3));
    }
  }
}
