package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.json.JsonData;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.query.EventFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says a filter in Elasticsearch's words. */
final class IndexFilters {
  /** {@code ignore_above} of the template: longer values are in the source but not in the index. */
  static final int MAX_VALUE_BYTES = 8_191;

  private IndexFilters() {}

  static Query query(EventFilter filter) {
    List<Query> all = new ArrayList<>();
    all.add(range(filter));
    addTerm(all, "event_type", filter.eventType());
    addTerm(all, "user_id", filter.userId());
    addTerm(all, "session_id", filter.sessionId());
    addTerm(all, "event_id", filter.eventId());
    filter.params().forEach((path, value) -> addTerm(all, "params." + path, value));
    return Query.of(query -> query.bool(bool -> bool.filter(all)));
  }

  private static Query range(EventFilter filter) {
    return Query.of(
        query ->
            query.range(
                range ->
                    range.untyped(
                        micros ->
                            micros
                                .field("ts_micros")
                                .gte(JsonData.of(filter.range().startMicros()))
                                .lt(JsonData.of(filter.range().endMicros())))));
  }

  private static void addTerm(List<Query> all, String field, @Nullable String value) {
    if (value == null) {
      return;
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
      throw new ProblemException(Problems.unsupportedFilter(field, MAX_VALUE_BYTES));
    }
    all.add(Query.of(query -> query.term(term -> term.field(field).value(FieldValue.of(value)))));
  }
}
