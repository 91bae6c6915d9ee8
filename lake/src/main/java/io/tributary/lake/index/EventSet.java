package io.tributary.lake.index;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Some of the events. Which rows of the lake they are and which documents of the index is said in
 * one place: whoever fills by the one and compares by the other must mean the same events.
 */
public sealed interface EventSet {
  /**
   * The condition under which a row of {@code events} is one of them. Of an imported row, which has
   * no offset, it may be null: it is none of them.
   */
  Column rows();

  /** The clauses of a query of which at least one matches each of their documents. */
  ArrayNode documents();

  /** All events. */
  record Everything() implements EventSet {
    @Override
    public Column rows() {
      return lit(true);
    }

    @Override
    public ArrayNode documents() {
      ArrayNode clauses = clauses();
      clauses.addObject().putObject("match_all");
      return clauses;
    }
  }

  /** The events of all records of some topics, also of older ones of the same names. */
  record OfTopics(List<String> topics) implements EventSet {
    public OfTopics {
      topics = List.copyOf(topics);
    }

    @Override
    public Column rows() {
      return col(LakeLayout.KAFKA_TOPIC).isin(topics.toArray());
    }

    @Override
    public ArrayNode documents() {
      ArrayNode clauses = clauses();
      topics.forEach(
          topic -> clauses.addObject().putObject("term").put(LakeLayout.KAFKA_TOPIC, topic));
      return clauses;
    }
  }

  /** The events of the records at some offsets. */
  record AtOffsets(List<OffsetRange> ranges) implements EventSet {
    public AtOffsets {
      ranges = List.copyOf(ranges);
    }

    @Override
    public Column rows() {
      return ranges.stream()
          .map(
              range ->
                  col(LakeLayout.KAFKA_TOPIC)
                      .equalTo(range.topic())
                      .and(col(LakeLayout.KAFKA_PARTITION).equalTo(range.partition()))
                      .and(col(LakeLayout.KAFKA_OFFSET).geq(range.from()))
                      .and(col(LakeLayout.KAFKA_OFFSET).lt(range.until())))
          .reduce(Column::or)
          .orElseGet(() -> lit(false));
    }

    @Override
    public ArrayNode documents() {
      ArrayNode clauses = clauses();
      for (OffsetRange range : ranges) {
        ArrayNode all = clauses.addObject().putObject("bool").putArray("filter");
        all.addObject().putObject("term").put(LakeLayout.KAFKA_TOPIC, range.topic());
        all.addObject().putObject("term").put(LakeLayout.KAFKA_PARTITION, range.partition());
        ObjectNode offsets = all.addObject().putObject("range").putObject(LakeLayout.KAFKA_OFFSET);
        offsets.put("gte", range.from()).put("lt", range.until());
      }
      return clauses;
    }
  }

  /** The events of some UTC days, whatever they were read from. */
  record OnDays(List<LocalDate> days) implements EventSet {
    public OnDays {
      days = List.copyOf(days);
    }

    /**
     * By the partition columns alone, so that no file of another day is opened; and one look into a
     * set, however many the days are: Spark walks through a chain of conditions recursively, and
     * one of thousands overflows its stack.
     */
    @Override
    public Column rows() {
      return col(LakeLayout.YEAR)
          .multiply(10_000)
          .plus(col(LakeLayout.MONTH).multiply(100))
          .plus(col(LakeLayout.DAY))
          .isin(days.stream().map(OnDays::number).toArray());
    }

    private static int number(LocalDate day) {
      return day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth();
    }

    @Override
    public ArrayNode documents() {
      ArrayNode clauses = clauses();
      for (LocalDate day : days) {
        clauses
            .addObject()
            .putObject("range")
            .putObject(LakeLayout.TS)
            .put("gte", millis(day))
            .put("lt", millis(day.plusDays(1)))
            .put("format", "epoch_millis");
      }
      return clauses;
    }

    private static long millis(LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
  }

  private static ArrayNode clauses() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
