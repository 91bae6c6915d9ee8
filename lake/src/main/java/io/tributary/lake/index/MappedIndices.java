package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indices that are there, whenever they were made. Each is looked at by itself, so that an old
 * one that nobody may change is in the way of no other.
 *
 * <p>Thread-safe.
 */
final class MappedIndices {
  private static final Logger LOG = LoggerFactory.getLogger(MappedIndices.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  /** What the names of days and months look like. */
  private static final String DATE = "[+-]?\\d{4,}\\.\\d\\d(\\.\\d\\d)?";

  private final RestClient client;

  /** What was warned of already: a query that is tried again looks again. */
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  MappedIndices(RestClient client) {
    this.client = client;
  }

  private enum State {
    OPEN,
    CLOSED
  }

  /**
   * Those under a pattern that are ours by the form of their names; a pattern may match indices of
   * others.
   */
  private Map<String, State> states(String pattern) throws IOException {
    Pattern ours = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E" + DATE + "\\Q"));
    Map<String, State> states = new TreeMap<>();
    // Not the list of _cat, which fails when one index hides its metadata.
    find("/_resolve/index/%s?expand_wildcards=open,closed".formatted(pattern))
        .path("indices")
        .forEach(
            index -> {
              String name = index.path("name").asText();
              if (ours.matcher(name).matches()) {
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

  /**
   * Gives indices the fields that they lack. One that is closed or blocked is left as it is.
   *
   * @param signature fields that an index has which holds documents of ours, however it was made
   * @return those with a field of another type than our template gives: they were made without it,
   *     of documents of ours; nothing is done to them
   * @throws IOException also when an index holds documents of somebody else, or when a field of the
   *     configuration has another type in one of them
   */
  Map<String, String> renew(String pattern, WantedMapping wanted, Set<String> signature)
      throws IOException {
    Map<String, String> contradicting = new TreeMap<>();
    for (Map.Entry<String, JsonNode> index : changeable(pattern, wanted).entrySet()) {
      String name = index.getKey();
      JsonNode mappings = index.getValue();
      Optional<String> contradiction = wanted.contradiction(mappings);
      if (contradiction.isPresent()) {
        if (!WantedMapping.isEmpty(mappings) && !WantedMapping.isOurs(mappings, signature)) {
          throw new IOException(
              "Cannot use index %s: it holds documents of somebody else (it has no fields %s). Give this job another index.prefix, or that index another name."
                  .formatted(name, String.join(", ", new TreeSet<>(signature))));
        }
        Optional<String> wrong = wanted.wrongType(mappings);
        if (wrong.isPresent()) {
          contradicting.put(name, wrong.get());
        } else {
          add(name, wanted.completed(mappings));
        }
        continue;
      }
      Optional<String> conflict = wanted.conflict(mappings);
      if (conflict.isPresent()) {
        throw new IOException(
            "Cannot use index %s: %s. Give the typed field another name."
                .formatted(name, conflict.get()));
      }
      Optional<String> missing = wanted.missing(mappings);
      if (missing.isPresent()) {
        add(name, missing.get());
      }
    }
    return contradicting;
  }

  /** The names of those that hold documents of ours, as far as they can be looked at. */
  List<String> withFields(String pattern, Set<String> signature) throws IOException {
    List<String> open = new ArrayList<>();
    states(pattern)
        .forEach(
            (name, state) -> {
              if (state == State.OPEN) {
                open.add(name);
              }
            });
    return descriptions(pattern, open).entrySet().stream()
        .filter(index -> WantedMapping.isOurs(index.getValue().path("mappings"), signature))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Those that were not made by our template, as far as they can be looked at. */
  Map<String, String> contradicting(String pattern, WantedMapping wanted) throws IOException {
    Map<String, String> contradicting = new TreeMap<>();
    changeable(pattern, wanted)
        .forEach(
            (name, mappings) ->
                wanted
                    .contradiction(mappings)
                    .ifPresent(contradiction -> contradicting.put(name, contradiction)));
    return contradicting;
  }

  /** The mappings of all but those that have to be left as they are. */
  private Map<String, JsonNode> changeable(String pattern, WantedMapping wanted)
      throws IOException {
    Map<String, JsonNode> changeable = new TreeMap<>();
    Map<String, State> states = states(pattern);
    List<String> open = new ArrayList<>();
    states.forEach(
        (name, state) -> {
          if (state == State.CLOSED) {
            leave(
                name,
                "it is closed, and documents for it wait",
                "Open it: POST /%s/_open".formatted(name));
          } else {
            open.add(name);
          }
        });
    descriptions(pattern, open)
        .forEach(
            (name, index) -> {
              JsonNode mappings = index.path("mappings");
              if (!isReadOnly(index)) {
                changeable.put(name, mappings);
              } else if (!wanted.isFulfilledBy(mappings)) {
                leave(
                    name, "it is read-only, and documents for it wait", unblock(name, "read_only"));
              }
            });
    return changeable;
  }

  private static boolean isReadOnly(JsonNode index) {
    return index
        .path("settings")
        .path("index")
        .path("blocks")
        .path("read_only")
        .asText()
        .equals("true");
  }

  /** What Elasticsearch says of indices; of one that has gone meanwhile nothing. */
  private Map<String, JsonNode> descriptions(String pattern, List<String> names)
      throws IOException {
    Map<String, JsonNode> descriptions = new TreeMap<>();
    if (names.isEmpty()) {
      return descriptions;
    }
    JsonNode all;
    try {
      all = find("/%s?expand_wildcards=open".formatted(pattern));
    } catch (ResponseException e) {
      if (status(e) != FORBIDDEN) {
        throw e;
      }
      return oneByOne(names);
    }
    for (String name : names) {
      if (all.has(name)) {
        descriptions.put(name, all.get(name));
      }
    }
    return descriptions;
  }

  /** One index that hides its metadata lets the request for all fail. */
  private Map<String, JsonNode> oneByOne(List<String> names) throws IOException {
    Map<String, JsonNode> descriptions = new TreeMap<>();
    for (String name : names) {
      try {
        JsonNode answer = find("/" + name);
        if (answer.has(name)) {
          descriptions.put(name, answer.get(name));
        }
      } catch (ResponseException e) {
        if (status(e) != FORBIDDEN) {
          throw e;
        }
        leave(name, reason(e), unblock(name, "metadata"));
      }
    }
    return descriptions;
  }

  private void add(String name, String fields) throws IOException {
    Request request = new Request("PUT", "/%s/_mapping".formatted(name));
    request.setJsonEntity(fields);
    try {
      client.performRequest(request).getEntity().getContent().close();
    } catch (ResponseException e) {
      switch (status(e)) {
        case NOT_FOUND -> LOG.debug("Index {} has gone meanwhile", name);
        case BAD_REQUEST, FORBIDDEN -> leave(name, reason(e), "Set right what it says");
        default -> throw e;
      }
    }
  }

  private void leave(String name, String why, String remedy) {
    if (warnedOf.add(name + " " + why)) {
      LOG.warn(
          "Index {} is left as it is: {}. Fields configured since are not added to it. {}; the next start looks again.",
          name,
          why,
          remedy);
    }
  }

  private static String unblock(String name, String block) {
    return "Lift the block: PUT /%s/_settings {\"index.blocks.%s\": null}".formatted(name, block);
  }

  /** The mappings that an index of this name would get if it were made now. */
  JsonNode mappingsOfNew(String name) throws IOException {
    Request request = new Request("POST", "/_index_template/_simulate_index/" + name);
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body).path("template").path("mappings");
    }
  }

  void delete(String name) throws IOException {
    Request request = new Request("DELETE", "/" + name);
    request.addParameter("ignore", "404");
    client.performRequest(request).getEntity().getContent().close();
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

  private static int status(ResponseException e) {
    return e.getResponse().getStatusLine().getStatusCode();
  }

  /** Elasticsearch's own words, without the JSON around them. */
  private static String reason(ResponseException e) throws IOException {
    try (InputStream body = e.getResponse().getEntity().getContent()) {
      return JSON.readTree(body)
          .path("error")
          .path("reason")
          .asText(String.valueOf(e.getMessage()));
    }
  }
}
