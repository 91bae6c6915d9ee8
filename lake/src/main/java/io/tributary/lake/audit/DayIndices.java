package io.tributary.lake.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Lists;
import io.tributary.event.DigestParts;
import io.tributary.event.RangeDigest;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.http.HttpHost;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/** The indices of events, day by day: summed, paged through, and rid of documents. */
final class DayIndices implements AutoCloseable {
  /** How much of a page's content is asked for. */
  enum Content {
    /** Ids and digests. */
    DIGESTS,
    /** The whole documents too. */
    SOURCES
  }

  private static final JsonMapper JSON = new JsonMapper();

  /** What is in a document is not ours to limit. */
  private static final JsonFactory PAGES =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy.MM.dd");
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 120_000;
  private static final int IDS_A_PAGE = 10_000;
  private static final int SOURCES_A_PAGE = 500;
  private static final int IDS_A_REQUEST = 1_000;
  private static final String KEEP_ALIVE = "5m";
  private static final long NO_DIGEST = -1;

  private final RestClient client;
  private final IndexLayout layout;
  private final String url;

  DayIndices(ElasticsearchSettings elasticsearch) {
    this.layout = new IndexLayout(elasticsearch.prefix());
    this.url = elasticsearch.url();
    this.client =
        RestClient.builder(
                new HttpHost(
                    elasticsearch.uri().getHost(),
                    elasticsearch.port(),
                    elasticsearch.uri().getScheme()))
            .setRequestConfigCallback(
                request ->
                    request.setConnectTimeout(CONNECT_MILLIS).setSocketTimeout(ANSWER_MILLIS))
            .build();
  }

  /** The days that have an index. */
  Set<LocalDate> days() {
    Set<LocalDate> days = new TreeSet<>();
    String prefix = layout.eventsPattern().replace("*", "");
    for (JsonNode index :
        answer(
            new Request(
                "GET",
                "/_cat/indices/%s?format=json&h=index&expand_wildcards=open"
                    .formatted(layout.eventsPattern())),
            "list the indices")) {
      try {
        days.add(LocalDate.parse(index.path("index").asText().substring(prefix.length()), DAY));
      } catch (DateTimeParseException e) {
        // Not the index of a day: made by somebody for something else.
        continue;
      }
    }
    return days;
  }

  /** Makes everything that was written before visible to searches. */
  void refresh() {
    answer(
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

  /** Digests by the start of each piece of time, in microseconds; only where there is something. */
  TreeMap<Long, RangeDigest> digests(DocumentSet set, Grain grain) {
    ObjectNode body = body(set);
    body.put("size", 0).put("track_total_hits", false);
    ObjectNode pieces = body.putObject("aggs").putObject("pieces");
    pieces
        .putObject("date_histogram")
        .put("field", "ts")
        .put("fixed_interval", grain.interval())
        .put("min_doc_count", 1);
    ObjectNode sums = pieces.putObject("aggs");
    for (String part : List.of("d0", "d1", "d2")) {
      sums.putObject(part).putObject("sum").put("field", part);
    }
    TreeMap<Long, RangeDigest> digests = new TreeMap<>();
    for (JsonNode bucket :
        search(set.day(), body).path("aggregations").path("pieces").path("buckets")) {
      digests.put(
          bucket.path("key").asLong() * 1_000,
          new RangeDigest(
              bucket.path("doc_count").asLong(),
              // A sum in Elasticsearch is a double, exact up to 2^53.
              (long) bucket.path("d0").path("value").asDouble(),
              (long) bucket.path("d1").path("value").asDouble(),
              (long) bucket.path("d2").path("value").asDouble()));
    }
    return digests;
  }

  /** Gives every document to a consumer, as of one point in time, whatever is written meanwhile. */
  void read(DocumentSet set, Content content, Consumer<FoundDocument> consumer) {
    String pointInTime = openPointInTime(set.day());
    if (pointInTime == null) {
      return;
    }
    try {
      ObjectNode body = body(set);
      body.put("size", content == Content.SOURCES ? SOURCES_A_PAGE : IDS_A_PAGE);
      body.put("track_total_hits", false);
      body.put("seq_no_primary_term", true);
      body.put("_source", content == Content.SOURCES);
      body.putArray("docvalue_fields").add("d0").add("d1").add("d2");
      body.putObject("pit").put("id", pointInTime).put("keep_alive", KEEP_ALIVE);
      body.putArray("sort").addObject().put("_shard_doc", "asc");
      Page page = page(body);
      while (!page.documents().isEmpty()) {
        page.documents().forEach(consumer);
        pointInTime = page.pointInTime();
        body.putObject("pit").put("id", pointInTime).put("keep_alive", KEEP_ALIVE);
        body.putArray("search_after").add(page.last());
        page = page(body);
      }
    } finally {
      Request close = new Request("DELETE", "/_pit");
      close.setJsonEntity(JSON.createObjectNode().put("id", pointInTime).toString());
      answer(close, "close a point in time");
    }
  }

  private @Nullable String openPointInTime(LocalDate day) {
    Request open =
        new Request(
            "POST", "/%s/_pit?keep_alive=%s".formatted(layout.eventsIndex(day), KEEP_ALIVE));
    JsonNode answer = answerUnlessAbsent(open, "open a point in time");
    return answer == null ? null : answer.path("id").asText();
  }

  private Page page(ObjectNode body) {
    Request request = new Request("POST", "/_search");
    request.setJsonEntity(body.toString());
    try (InputStream in = client.performRequest(request).getEntity().getContent()) {
      return Page.read(in.readAllBytes());
    } catch (IOException e) {
      throw failed("search", e);
    }
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
      JsonNode answer = answerUnlessAbsent(request, "look documents up");
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
      for (JsonNode item : answer(request, "delete documents").path("items")) {
        JsonNode done = item.path("delete");
        int status = done.path("status").asInt();
        if (status == 200) {
          deleted++;
        } else if (status != 404 && status != 409) {
          throw failed("delete documents", new IOException(done.path("error").toString()));
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
    JsonNode answer = answer(request, "search");
    if (answer.path("timed_out").asBoolean() || answer.path("_shards").path("failed").asInt() > 0) {
      // A part of the answer would look like missing documents.
      throw failed("search", new IOException("only a part of the shards answered"));
    }
    return answer;
  }

  private JsonNode answer(Request request, String what) {
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private @Nullable JsonNode answerUnlessAbsent(Request request, String what) {
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body);
    } catch (ResponseException e) {
      if (e.getResponse().getStatusLine().getStatusCode() == 404) {
        return null;
      }
      throw failed(what, e);
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private UncheckedIOException failed(String what, IOException e) {
    return new UncheckedIOException(
        "Cannot %s in Elasticsearch at %s: %s. Check that it runs and is healthy, then start again."
            .formatted(what, url, e.getMessage()),
        e);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw failed("close the client", e);
    }
  }

  /**
   * A page of a search.
   *
   * @param pointInTime the id to go on with, which may be another one than before
   * @param last the sort value of its last document
   */
  private record Page(String pointInTime, List<FoundDocument> documents, long last) {
    /**
     * Reads an answer without making trees of the documents in it: their text is what is wanted,
     * byte by byte.
     */
    static Page read(byte[] answer) throws IOException {
      List<FoundDocument> documents = new ArrayList<>();
      String pointInTime = "";
      long last = 0;
      try (JsonParser parser = PAGES.createParser(answer)) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token != JsonToken.FIELD_NAME) {
            continue;
          }
          boolean top = parser.getParsingContext().getParent().inRoot();
          if (top && parser.currentName().equals("_shards")) {
            parser.nextToken();
            requireAllShards(JSON.readTree(parser));
          } else if (top && parser.currentName().equals("pit_id")) {
            pointInTime = parser.nextTextValue();
          } else if (!top && parser.currentName().equals("hits")) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              Hit hit = Hit.read(parser, answer);
              documents.add(hit.document());
              last = hit.sort();
            }
          }
        }
      }
      return new Page(pointInTime, documents, last);
    }

    private static void requireAllShards(JsonNode shards) throws IOException {
      if (shards.path("failed").asInt() > 0) {
        throw new IOException("only a part of the shards answered");
      }
    }
  }

  private record Hit(FoundDocument document, long sort) {
    static Hit read(JsonParser parser, byte[] answer) throws IOException {
      String id = "";
      long sequenceNumber = -1;
      long primaryTerm = -1;
      long sort = 0;
      byte[] source = {};
      Map<String, Integer> parts = Map.of();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "_id" -> id = parser.getText();
          case "_seq_no" -> sequenceNumber = parser.getLongValue();
          case "_primary_term" -> primaryTerm = parser.getLongValue();
          case "sort" -> sort = ((JsonNode) JSON.readTree(parser)).path(0).asLong();
          case "fields" -> parts = parts(JSON.readTree(parser));
          case "_source" -> {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            source =
                Arrays.copyOfRange(answer, start, (int) parser.currentLocation().getByteOffset());
          }
          default -> parser.skipChildren();
        }
      }
      return new Hit(
          new FoundDocument(id, digest(parts), sequenceNumber, primaryTerm, source), sort);
    }

    private static Map<String, Integer> parts(JsonNode fields) {
      Map<String, Integer> parts = new TreeMap<>();
      for (String part : List.of("d0", "d1", "d2")) {
        Optional.ofNullable(fields.path(part).get(0))
            .ifPresent(value -> parts.put(part, value.asInt()));
      }
      return parts;
    }

    private static long digest(Map<String, Integer> parts) {
      Integer d0 = parts.get("d0");
      Integer d1 = parts.get("d1");
      Integer d2 = parts.get("d2");
      return d0 == null || d1 == null || d2 == null
          ? NO_DIGEST
          : new DigestParts(d0, d1, d2).digest();
    }
  }
}
