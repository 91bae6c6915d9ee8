package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Which indices of ours there are, and what Elasticsearch says of them. One may hide its metadata
 * ({@code index.blocks.metadata}); it is there all the same, and hides no other.
 *
 * <p>Thread-safe.
 */
final class FoundIndices {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final RestClient client;
  private final IndexLayout layout;

  FoundIndices(RestClient client, IndexLayout layout) {
    this.client = client;
    this.layout = layout;
  }

  enum State {
    OPEN,
    CLOSED
  }

  /**
   * What Elasticsearch says of some indices; of one that has gone meanwhile nothing.
   *
   * @param readable what it says, by name
   * @param hidden why it says nothing of the others, by name
   */
  record Answers(Map<String, JsonNode> readable, Map<String, String> hidden) {}

  /** Those under a pattern that are ours by their names; a pattern may match others too. */
  Map<String, State> states(String pattern) throws IOException {
    Map<String, State> states = new TreeMap<>();
    // Not the list of _cat, which fails when one index hides its metadata.
    find("/_resolve/index/%s?expand_wildcards=open,closed".formatted(pattern))
        .path("indices")
        .forEach(
            index -> {
              String name = index.path("name").asText();
              if (layout.isOurs(name)) {
                states.put(name, isClosed(index) ? State.CLOSED : State.OPEN);
              }
            });
    return states;
  }

  private static boolean isClosed(JsonNode index) {
    for (JsonNode attribute : index.path("attributes")) {
      if (attribute.asText().equals("closed")) {
        return true;
      }
    }
    return false;
  }

  /** Settings and mappings of open indices. */
  Answers descriptions(String pattern, List<String> names) throws IOException {
    return ask(pattern, names, "?expand_wildcards=open");
  }

  /**
   * The ids of those under a pattern, by name. One that is deleted and made again has another; that
   * of one that hides its metadata is empty. Such an index must not be taken for one that is gone:
   * it is there, and while it hides it cannot be deleted either.
   */
  Map<String, String> ids(String pattern) throws IOException {
    Answers settings =
        ask(
            pattern,
            states(pattern).keySet(),
            "/_settings?expand_wildcards=open,closed&filter_path=*.settings.index.uuid");
    Map<String, String> ids = new TreeMap<>();
    settings
        .readable()
        .forEach(
            (name, index) ->
                ids.put(name, index.path("settings").path("index").path("uuid").asText()));
    settings.hidden().keySet().forEach(name -> ids.put(name, ""));
    return ids;
  }

  private Answers ask(String pattern, Collection<String> names, String question)
      throws IOException {
    Map<String, JsonNode> readable = new TreeMap<>();
    if (names.isEmpty()) {
      return new Answers(readable, Map.of());
    }
    JsonNode all;
    try {
      all = find("/" + pattern + question);
    } catch (ResponseException e) {
      if (status(e) != FORBIDDEN) {
        throw e;
      }
      return askEach(names, question);
    }
    for (String name : names) {
      if (all.has(name)) {
        readable.put(name, all.get(name));
      }
    }
    return new Answers(readable, Map.of());
  }

  /** One index that hides its metadata lets the request for all fail. */
  private Answers askEach(Collection<String> names, String question) throws IOException {
    Map<String, JsonNode> readable = new TreeMap<>();
    Map<String, String> hidden = new TreeMap<>();
    for (String name : names) {
      try {
        JsonNode answer = find("/" + name + question);
        if (answer.has(name)) {
          readable.put(name, answer.get(name));
        }
      } catch (ResponseException e) {
        if (status(e) != FORBIDDEN) {
          throw e;
        }
        hidden.put(name, reason(e));
      }
    }
    return new Answers(readable, hidden);
  }

  /** The answer; missing when there is no such thing. */
  private JsonNode find(String path) throws IOException {
    Request request = new Request("GET", path);
    request.addParameter("ignore", "404");
    Response response = client.performRequest(request);
    try (InputStream body = response.getEntity().getContent()) {
      JsonNode answer = JSON.readTree(body);
      return response.getStatusLine().getStatusCode() == NOT_FOUND ? JSON.missingNode() : answer;
    }
  }

  static int status(ResponseException e) {
    return e.getResponse().getStatusLine().getStatusCode();
  }

  /** Elasticsearch's own words, without the JSON around them. */
  static String reason(ResponseException e) throws IOException {
    try (InputStream body = e.getResponse().getEntity().getContent()) {
      return JSON.readTree(body)
          .path("error")
          .path("reason")
          .asText(String.valueOf(e.getMessage()));
    }
  }
}
