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
import org.elasticsearch.client.Request;
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

  private final RestClient client;
  private final FoundIndices found;

  /** What was warned of already: a query that is tried again looks again. */
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  MappedIndices(RestClient client, FoundIndices found) {
    this.client = client;
    this.found = found;
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
    return look(pattern, wanted, signature, this::add);
  }

  /** What {@link #renew} would return, without giving any index anything. */
  Map<String, String> lookAt(String pattern, WantedMapping wanted, Set<String> signature)
      throws IOException {
    return look(pattern, wanted, signature, (name, fields) -> {});
  }

  private interface Addition {
    void to(String name, String fields) throws IOException;
  }

  private Map<String, String> look(
      String pattern, WantedMapping wanted, Set<String> signature, Addition addition)
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
          addition.to(name, wanted.completed(mappings));
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
        addition.to(name, missing.get());
      }
    }
    return contradicting;
  }

  /**
   * {@link #renew}, where those that are returned are to be deleted.
   *
   * @throws IOException also when one of them would be made as wrong as it was, and be deleted at
   *     every start
   */
  Map<String, String> toMakeAgain(String pattern, WantedMapping wanted, Set<String> signature)
      throws IOException {
    Map<String, String> foreign = renew(pattern, wanted, signature);
    for (String index : foreign.keySet()) {
      Optional<String> still = wanted.contradiction(mappingsOfNew(index));
      if (still.isPresent()) {
        throw new IOException(
            "Cannot make index %s again: another template than ours applies to it (%s). Delete that template, or give it a priority below 500."
                .formatted(index, still.get()));
      }
    }
    return foreign;
  }

  /** The names of those that hold documents of ours, as far as they can be looked at. */
  List<String> withFields(String pattern, Set<String> signature) throws IOException {
    List<String> open =
        found.states(pattern).entrySet().stream()
            .filter(index -> index.getValue() == FoundIndices.State.OPEN)
            .map(Map.Entry::getKey)
            .toList();
    return found.descriptions(pattern, open).readable().entrySet().stream()
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
    List<String> open = new ArrayList<>();
    found
        .states(pattern)
        .forEach(
            (name, state) -> {
              if (state == FoundIndices.State.CLOSED) {
                leave(
                    name,
                    "it is closed, and documents for it wait",
                    "Open it: POST /%s/_open".formatted(name));
              } else {
                open.add(name);
              }
            });
    FoundIndices.Answers descriptions = found.descriptions(pattern, open);
    descriptions.hidden().forEach((name, why) -> leave(name, why, unblock(name, "metadata")));
    descriptions
        .readable()
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

  private void add(String name, String fields) throws IOException {
    Request request = new Request("PUT", "/%s/_mapping".formatted(name));
    request.setJsonEntity(fields);
    try {
      client.performRequest(request).getEntity().getContent().close();
    } catch (ResponseException e) {
      switch (FoundIndices.status(e)) {
        case NOT_FOUND -> LOG.debug("Index {} has gone meanwhile", name);
        case BAD_REQUEST, FORBIDDEN ->
            leave(name, FoundIndices.reason(e), "Set right what it says");
        default -> throw e;
      }
    }
  }

  private void leave(String name, String why, String remedy) {
    if (warnedOf.add(name + " " + why)) {
      LOG.warn(
          "Index {} is left as it is: {}. Fields configured since are not added to it. {}; the next"
              + " start looks again.",
          name,
          why,
          remedy);
    }
  }

  private static String unblock(String name, String block) {
    return "Lift the block: PUT /%s/_settings {\"index.blocks.%s\": null}".formatted(name, block);
  }

  /** The mappings that an index of this name would get if it were made now. */
  private JsonNode mappingsOfNew(String name) throws IOException {
    Request request = new Request("POST", "/_index_template/_simulate_index/" + name);
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body).path("template").path("mappings");
    }
  }

  /**
   * Deletes indices that were made without our template.
   *
   * @param contradicting with how they show it
   */
  void drop(Map<String, String> contradicting) throws IOException {
    for (Map.Entry<String, String> index : contradicting.entrySet()) {
      LOG.warn(
          "Index {} was not made by our template ({}): it is deleted, and made again",
          index.getKey(),
          index.getValue());
      delete(index.getKey());
    }
  }

  void delete(String name) throws IOException {
    Request request = new Request("DELETE", "/" + name);
    request.addParameter("ignore", "404");
    client.performRequest(request).getEntity().getContent().close();
  }
}
