package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Lists;
import io.tributary.event.RangeDigest;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.elasticsearch.client.Request;

/** The indices of events, day by day: summed, paged through, and rid of documents. */
final class DayIndices implements AutoCloseable {
  /** How much of a page's content is asked for. */
  enum Content {
    /** Ids and digests. */
    DIGESTS,
    /** The whole documents too. */
    SOURCES
  }

  /** Whether an index can be searched. */
  enum State {
    OPEN,
    CLOSED
  }

  private static final JsonMapper JSON = new JsonMapper();

  private static final int IDS_A_PAGE = 10_000;
  private static final int SOURCES_A_PAGE = 500;
  private static final int IDS_A_REQUEST = 1_000;

  private static final List<String> PARTS = List.of("d0", "d1", "d2");

  private final IndexAnswers answers;
  private final IndexLayout layout;

  DayIndices(ElasticsearchSettings elasticsearch) {
    this.layout = new IndexLayout(elasticsearch.prefix());
    this.answers = new IndexAnswers(elasticsearch);
  }

  /** The days that have an index, each with whether it is open. */
  TreeMap<LocalDate, State> days() {
    TreeMap<LocalDate, State> days = new TreeMap<>();
    // Not the list of _cat, which fails when one index hides its metadata.
    Request list =
        new Request(
            "GET",
            "/_resolve/index/%s?expand_wildcards=open,closed".formatted(layout.eventsPattern()));
    for (JsonNode index : answers.to(list, "list the indices").path("indices")) {
      // One that is not of a day was made by somebody for something else, and hides none that is.
      layout
          .eventsDay(index.path("name").asText())
          .ifPresent(day -> days.put(day, isClosed(index) ? State.CLOSED : State.OPEN));
    }
    return days;
  }

  private static boolean isClosed(JsonNode index) {
    for (JsonNode attribute : index.path("attributes")) {
      if (attribute.asText().equals("closed")) {
        return true;
      }
    }
    return false;
  }

  /** Why the closed index of a day says nothing, and what helps. */
  String closed(LocalDate day) {
    return "its index %1$s is closed. Open it (POST /%1$s/_open), then compare again"
        .formatted(layout.eventsIndex(day));
  }

  /** Makes everything that was written before visible to searches. */
  void refresh() {
    answers.to(
        new Request(
            "POST",
            "/%s/_refresh?ignore_unavailable=true&allow_no_indices=true"
                .formatted(layout.eventsPattern())),
        "refresh the indices");
  }

  /** How many documents there are. */
  long count(DocumentSet set) {
    ObjectNode body = body(set);
    body.put("size", 0).put("track_total_hits", true);
    return search(set.day(), body).path("hits").path("total").path("value").asLong();
  }

  /**
   * Sums by the start of each piece of time, in microseconds; only where there is something.
   *
   * @param notSettled clauses of a query that match the documents which are not settled
   */
  TreeMap<Long, DocumentSums> sums(DocumentSet set, Grain grain, ArrayNode notSettled) {
    ObjectNode body = body(set);
    body.put("size", 0).put("track_total_hits", false);
    ObjectNode pieces = body.putObject("aggs").putObject("pieces");
    pieces
        .putObject("date_histogram")
        .put("field", "ts")
        .put("fixed_interval", grain.interval())
        .put("min_doc_count", 1);
    ObjectNode all = pieces.putObject("aggs");
    PARTS.forEach(part -> all.putObject(part).putObject("sum").put("field", part));
    ObjectNode settled = all.putObject("settled");
    settled.putObject("filter").putObject("bool").set("must_not", notSettled);
    settled.set("aggs", all.deepCopy().without("settled"));
    TreeMap<Long, DocumentSums> sums = new TreeMap<>();
    for (JsonNode bucket :
        search(set.day(), body).path("aggregations").path("pieces").path("buckets")) {
      sums.put(
          bucket.path("key").asLong() * 1_000,
          new DocumentSums(digest(bucket), digest(bucket.path("settled"))));
    }
    return sums;
  }

  /** A sum in Elasticsearch is a double, exact up to 2^53. */
  private static RangeDigest digest(JsonNode bucket) {
    return new RangeDigest(
        bucket.path("doc_count").asLong(),
        (long) bucket.path("d0").path("value").asDouble(),
        (long) bucket.path("d1").path("value").asDouble(),
        (long) bucket.path("d2").path("value").asDouble());
  }

  /** Gives every document to a consumer, as of one point in time, whatever is written meanwhile. */
  void read(DocumentSet set, Content content, Consumer<FoundDocument> consumer) {
    ObjectNode body = body(set);
    body.put("seq_no_primary_term", true);
    body.put("_source", content == Content.SOURCES);
    PARTS.forEach(body.putArray("docvalue_fields")::add);
    new PointInTime(
            answers,
            layout.eventsIndex(set.day()),
            content == Content.SOURCES ? SOURCES_A_PAGE : IDS_A_PAGE)
        .read(body, consumer);
  }

  /** Which of some ids are documents of a day's index, wherever their time lies. */
  Set<String> existing(LocalDate day, Collection<String> ids) {
    Set<String> existing = new HashSet<>();
    for (List<String> some : Lists.partition(List.copyOf(ids), IDS_A_REQUEST)) {
      Request request =
          new Request("POST", "/%s/_mget?_source=false".formatted(layout.eventsIndex(day)));
      ObjectNode body = JSON.createObjectNode();
      some.forEach(body.putArray("ids")::add);
      request.setJsonEntity(body.toString());
      JsonNode answer = answers.unlessAbsent(request, "look documents up");
      if (answer != null) {
        for (JsonNode document : answer.path("docs")) {
          if (document.path("found").asBoolean()) {
            existing.add(document.path("_id").asText());
          }
        }
      }
    }
    return existing;
  }

  /** Which documents of a day's index, of some ids, are matched by none of some clauses. */
  Set<String> among(LocalDate day, Collection<String> ids, ArrayNode butNot) {
    Set<String> found = new HashSet<>();
    for (List<String> some : Lists.partition(List.copyOf(ids), IDS_A_REQUEST)) {
      ObjectNode body = body(DocumentSet.withIds(day, some, butNot));
      body.put("size", IDS_A_REQUEST).put("_source", false);
      for (JsonNode hit : search(day, body).path("hits").path("hits")) {
        found.add(hit.path("_id").asText());
      }
    }
    return found;
  }

  /**
   * Deletes documents of a day's index that are still as they were found.
   *
   * @return how many are gone by it; one that was written since stays
   */
  long delete(LocalDate day, Collection<FoundDocument> documents) {
    long deleted = 0;
    for (List<FoundDocument> some : Lists.partition(List.copyOf(documents), IDS_A_REQUEST)) {
      StringBuilder lines = new StringBuilder();
      for (FoundDocument document : some) {
        ObjectNode action = JSON.createObjectNode();
        action
            .putObject("delete")
            .put("_id", document.id())
            .put("if_seq_no", document.sequenceNumber())
            .put("if_primary_term", document.primaryTerm());
        lines.append(action).append('\n');
      }
      Request request = new Request("POST", "/%s/_bulk".formatted(layout.eventsIndex(day)));
      request.setJsonEntity(lines.toString());
      for (JsonNode item : answers.to(request, "delete documents").path("items")) {
        JsonNode done = item.path("delete");
        int status = done.path("status").asInt();
        if (status == 200) {
          deleted++;
        } else if (status != 404 && status != 409) {
          throw new UnreadableDayException(
              answers.message("delete documents", done.path("error").toString()),
              new IOException("status " + status));
        }
      }
    }
    return deleted;
  }

  private static ObjectNode body(DocumentSet set) {
    ObjectNode body = JSON.createObjectNode();
    try {
      body.set("query", JSON.readTree(set.query()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return body;
  }

  private JsonNode search(LocalDate day, ObjectNode body) {
    Request request =
        new Request(
            "POST",
            "/%s/_search?ignore_unavailable=true&allow_no_indices=true"
                .formatted(layout.eventsIndex(day)));
    request.setJsonEntity(body.toString());
    JsonNode answer = answers.to(request, "search");
    if (answer.path("timed_out").asBoolean() || answer.path("_shards").path("failed").asInt() > 0) {
      // A part of the answer would look like missing documents.
      throw answers.failed("search", new PartialAnswerException());
    }
    return answer;
  }

  @Override
  public void close() {
    answers.close();
  }
}
