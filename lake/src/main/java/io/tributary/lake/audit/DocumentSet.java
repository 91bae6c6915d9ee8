package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.time.TimeRange;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * Some documents of a day's index.
 *
 * @param day whose index
 * @param query which of its documents, as the query of a search
 */
record DocumentSet(LocalDate day, String query) implements Serializable {
  private static final JsonMapper JSON = new JsonMapper();

  /** The documents whose time lies in a range. */
  static DocumentSet within(LocalDate day, TimeRange range) {
    ObjectNode query = JSON.createObjectNode();
    query.putObject("bool").putArray("filter").add(times(range));
    return new DocumentSet(day, query.toString());
  }

  /** The documents whose time does not lie on the day of their index, or that have none. */
  static DocumentSet strays(LocalDate day) {
    ObjectNode query = JSON.createObjectNode();
    query.putObject("bool").putArray("must_not").add(times(wholeDay(day)));
    return new DocumentSet(day, query.toString());
  }

  /** Of some documents those that none of some clauses matches. */
  static DocumentSet withIds(LocalDate day, Collection<String> ids, ArrayNode butNot) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode bool = query.putObject("bool");
    ArrayNode wanted = bool.putArray("filter").addObject().putObject("ids").putArray("values");
    ids.forEach(wanted::add);
    bool.set("must_not", butNot);
    return new DocumentSet(day, query.toString());
  }

  /** All offsets from a position on. */
  static List<OffsetRange> after(CommittedOffsets position) {
    return position.asRanges().stream()
        .map(next -> new OffsetRange(next.topic(), next.partition(), next.from(), Long.MAX_VALUE))
        .toList();
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
