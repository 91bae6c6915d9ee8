package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.util.Locale;

/** The document of a query in the index {@code tributary-status}; the API and people read it. */
final class StatusDocument {
  private static final JsonMapper JSON = new JsonMapper();

  private StatusDocument() {}

  static String of(QueryStatus.View view, Instant now) {
    ObjectNode document = JSON.createObjectNode();
    document.put("query", view.query());
    document.put("updated_at", now.toString());
    document.put("state", view.state().name().toLowerCase(Locale.ROOT));
    document.put("problem", view.problem());
    document.put("records_total", view.recordsTotal());
    ObjectNode dead = document.putObject("dead_letters");
    view.deadLetters().forEach(dead::put);
    ArrayNode offsets = document.putArray("offsets");
    view.ends()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, end) -> {
                      ObjectNode entry = offsets.addObject();
                      entry.put("topic", topic);
                      entry.put("partition", partition);
                      entry.put("done", view.done().next(topic, partition));
                      entry.put("end", end);
                    }));
    if (view.lagRecords() >= 0) {
      document.put("lag_records", view.lagRecords());
    } else {
      document.putNull("lag_records");
    }
    if (Double.isNaN(view.lagSeconds())) {
      document.putNull("lag_seconds");
    } else {
      document.put("lag_seconds", view.lagSeconds());
    }
    if (!view.owed().isEmpty()) {
      document.putNull("complete_through");
      document.put("complete_through_reason", "older records are still being filled from the lake");
    } else if (view.completeThrough() == null) {
      document.putNull("complete_through");
      document.put(
          "complete_through_reason", "the query has not yet caught up with Kafka since its start");
    } else {
      document.put("complete_through", view.completeThrough().toString());
      document.putNull("complete_through_reason");
    }
    ArrayNode owed = document.putArray("owed");
    for (QueryStatus.Debt debt : view.owed()) {
      for (OffsetRange range : debt.owed().shownRanges()) {
        ObjectNode entry = describe(debt, owed.addObject());
        entry.put("topic", range.topic());
        entry.put("partition", range.partition());
        entry.put("from", range.from());
        entry.put("until", range.until());
      }
      if (debt.owed().shownRanges().isEmpty()) {
        describe(debt, owed.addObject());
      }
    }
    ArrayNode gaps = document.putArray("gaps");
    view.gaps()
        .forEach(
            gap -> {
              ObjectNode entry = gaps.addObject();
              entry.put("topic", gap.topic());
              entry.put("partition", gap.partition());
              entry.put("from", gap.from());
              entry.put("until", gap.until());
              entry.put("detail", gap.detail());
              entry.put("found_at", gap.foundAt().toString());
            });
    BatchReport last = view.lastBatch();
    if (last != null) {
      document.put("batch_id", last.batch());
      if (last.version() >= 0) {
        document.put("data_version", last.version());
      }
      ObjectNode batch = document.putObject("last_batch");
      batch.put("rows_in", last.read());
      batch.put("accepted", last.accepted());
      batch.put("dead", last.dead());
      batch.put("duplicates", last.duplicates());
      batch.put("millis", last.totalMillis());
    }
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode describe(QueryStatus.Debt debt, ObjectNode entry) {
    return entry.put("detail", debt.owed().describe()).put("problem", debt.problem());
  }
}
