package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.time.TimeRange;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Some documents of a day's index.
 *
 * @param day whose index
 * @param query which of its documents, as the query of a search
 */
record DocumentSet(LocalDate day, String query) implements Serializable {
  private static final JsonMapper JSON = new JsonMapper();

  /** The judged documents whose time lies in a range. */
  static DocumentSet within(LocalDate day, TimeRange range, JudgedOffsets judged) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode bool = query.putObject("bool");
    bool.putArray("filter").add(times(range));
    bool.set("must_not", judged.documentsNotJudged());
    return new DocumentSet(day, query.toString());
  }

  /** The judged documents whose time does not lie on the day of their index, or that have none. */
  static DocumentSet strays(LocalDate day, JudgedOffsets judged) {
    ObjectNode query = JSON.createObjectNode();
    query.putObject("bool").set("must_not", judged.documentsNotJudged().add(times(wholeDay(day))));
    return new DocumentSet(day, query.toString());
  }

  /** A UTC day. */
  static TimeRange wholeDay(LocalDate day) {
    return new TimeRange(micros(day), micros(day.plusDays(1)));
  }

  private static long micros(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000;
  }

  /** The bounds of pieces of time are whole milliseconds, as the field keeps them. */
  private static ObjectNode times(TimeRange range) {
    ObjectNode clause = JSON.createObjectNode();
    clause
        .putObject("range")
        .putObject("ts")
        .put("gte", Math.floorDiv(range.startMicros(), 1_000))
        .put("lt", Math.floorDiv(range.endMicros(), 1_000))
        .put("format", "epoch_millis");
    return clause;
  }
}
