package io.tributary.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.TreeMap;

/** The indices under a prefix, as somebody behind our back reaches them. */
record TestIndex(String elasticsearch, String prefix) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  JsonNode send(String method, String path, String body) {
    try {
      HttpResponse<String> response =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(elasticsearch + "/" + prefix + path))
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All documents of all days: the text by index and id. */
  TreeMap<String, String> documents() {
    send("POST", "events-*/_refresh", "");
    TreeMap<String, String> documents = new TreeMap<>();
    send("GET", "events-*/_search?size=10000", "")
        .path("hits")
        .path("hits")
        .forEach(
            hit ->
                documents.put(
                    hit.path("_index").asText().substring(prefix.length())
                        + "/"
                        + hit.path("_id").asText(),
                    hit.path("_source").toString()));
    return documents;
  }

  ObjectNode document(String day, String id) {
    return (ObjectNode) send("GET", "events-%s/_doc/%s".formatted(day, id), "").path("_source");
  }

  void put(String day, String id, ObjectNode document) {
    send("PUT", "events-%s/_doc/%s?refresh=true".formatted(day, id), document.toString());
  }

  void delete(String day, String id) {
    send("DELETE", "events-%s/_doc/%s?refresh=true".formatted(day, id), "");
  }
}
