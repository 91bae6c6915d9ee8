package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The indices under a prefix, asked by plain HTTP. */
record TestIndex(String elasticsearch, String prefix) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonFactory ANY_JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  JsonNode get(String path) {
    return send("GET", path, "");
  }

  JsonNode send(String method, String path, String body) {
    try {
      return JSON.readTree(text(method, path, body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String method, String path, String body) {
    try {
      HttpResponse<String> response =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(elasticsearch + path))
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The sources of all documents of a pattern that is put behind the prefix. */
  List<JsonNode> documents(String pattern) {
    send("POST", "/%s%s/_refresh".formatted(prefix, pattern), "");
    List<JsonNode> sources = new ArrayList<>();
    get("/%s%s/_search?size=10000".formatted(prefix, pattern))
        .path("hits")
        .path("hits")
        .forEach(hit -> sources.add(hit.path("_source")));
    return sources;
  }

  /** All documents of a pattern that is put behind the prefix, as they were sent. */
  List<Document> rawDocuments(String pattern) throws IOException {
    send("POST", "/%s%s/_refresh".formatted(prefix, pattern), "");
    String answer = text("GET", "/%s%s/_search?size=10000".formatted(prefix, pattern), "");
    List<Document> documents = new ArrayList<>();
    try (JsonParser parser = ANY_JSON.createParser(answer)) {
      String index = "";
      String id = "";
      while (parser.nextToken() != null) {
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        switch (parser.currentName()) {
          case "_index" -> index = parser.nextTextValue();
          case "_id" -> id = parser.nextTextValue();
          case "_source" -> {
            parser.nextToken();
            documents.add(new Document(index, id, slice(parser, answer)));
          }
          default -> {}
        }
      }
    }
    return documents;
  }

  /** The text of the object or array that begins here. */
  private static String slice(JsonParser parser, String text) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return text.substring(start, (int) parser.currentLocation().getCharOffset());
  }

  /**
   * A document.
   *
   * @param source its JSON text, byte by byte as it was sent
   */
  record Document(String index, String id, String source) {
    /** The value of a member: of a string its text, else its JSON text; null when absent. */
    @Nullable String member(String name) throws IOException {
      try (JsonParser parser = ANY_JSON.createParser(source)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean wanted = parser.currentName().equals(name);
          JsonToken value = parser.nextToken();
          if (wanted) {
            return value.isStructStart() ? slice(parser, source) : parser.getText();
          }
          parser.skipChildren();
        }
        return null;
      }
    }
  }

  /** The ids of all events, sorted; one that is there twice is listed twice. */
  List<String> ids() {
    return documents("events-*").stream()
        .map(source -> source.path("event_id").asText())
        .sorted()
        .toList();
  }

  /** How many events match a query in Lucene's syntax. */
  long count(String query) {
    send("POST", "/%sevents-*/_refresh".formatted(prefix), "");
    return send(
            "POST",
            "/%sevents-*/_count".formatted(prefix),
            "{\"query\":{\"query_string\":{\"query\":\"%s\"}}}".formatted(query))
        .path("count")
        .asLong();
  }

  /** Deletes all indices and templates under the prefix, as somebody does who starts over. */
  void wipe() {
    get("/_cat/indices/%s*?format=json".formatted(prefix))
        .forEach(index -> send("DELETE", "/" + index.path("index").asText(), ""));
    get("/_index_template/%s*".formatted(prefix))
        .path("index_templates")
        .forEach(
            template -> send("DELETE", "/_index_template/" + template.path("name").asText(), ""));
  }

  void delete(String index, String id) {
    send("DELETE", "/%s%s/_doc/%s?refresh=true".formatted(prefix, index, id), "");
  }

  /** Has the index say that it has read a partition up to an offset. */
  void putPosition(String topic, int partition, long next) {
    send(
        "PUT",
        "/%stributary-status/_doc/index-position".formatted(prefix),
        "{\"offsets\":[{\"topic\":\"%s\",\"partition\":%d,\"from\":%d,\"until\":%d}],\"topic_ids\":{},\"owed\":[]}"
            .formatted(topic, partition, next, next));
  }

  /** The mappings of an index; missing when there is none. */
  JsonNode mappings(String index) {
    return get("/%s%s/_mapping".formatted(prefix, index)).path(prefix + index).path("mappings");
  }

  /** A query's status document; missing when there is none. */
  JsonNode status(String query) {
    return get("/%stributary-status/_doc/%s".formatted(prefix, query)).path("_source");
  }
}
