package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.index.CountsIndex;
import io.tributary.layout.LakeLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of the counts is in the index. Kept there too: whoever wipes the index wipes this with it.
 *
 * @param version the version of {@code events} whose counts are copied; negative for none
 * @param dimensions what is counted by
 * @param indices the ids of the indices that hold the copies, by name; an index that was deleted
 *     and made again has another. Empty where it was never known, of an index that hides its
 *     metadata
 */
record CopiedCounts(long version, List<String> dimensions, Map<String, String> indices) {
  /** Under which id it is kept in the status index. */
  static final String DOCUMENT_ID = CountsIndex.STATUS_DOCUMENT_ID;

  /** The version of an empty copy. */
  static final long NOTHING = -1;

  private static final JsonMapper JSON = new JsonMapper();
  private static final String DIMENSIONS = "dimensions";
  private static final String INDICES = "indices";
  private static final String NAME = "name";
  private static final String ID = "id";

  CopiedCounts {
    dimensions = List.copyOf(dimensions);
    indices = Map.copyOf(indices);
  }

  static CopiedCounts none(List<String> dimensions) {
    return new CopiedCounts(NOTHING, dimensions, Map.of());
  }

  /** What a status document says; empty when it does not say in which indices the copies are. */
  static Optional<CopiedCounts> of(JsonNode status) {
    if (!status.path(INDICES).isArray()) {
      return Optional.empty();
    }
    List<String> dimensions = new ArrayList<>();
    status.path(DIMENSIONS).forEach(name -> dimensions.add(name.asText()));
    Map<String, String> indices = new TreeMap<>();
    status
        .path(INDICES)
        .forEach(index -> indices.put(index.path(NAME).asText(), index.path(ID).asText()));
    return Optional.of(
        new CopiedCounts(
            status.path(LakeLayout.EVENTS_VERSION).asLong(NOTHING), dimensions, indices));
  }

  /**
   * The names of the indices that are not there any more, or are others. One that does not say its
   * id is taken for the same: it is there, and taken for another it would be copied to in full at
   * every turn.
   */
  Set<String> missingIn(Map<String, String> there) {
    Set<String> missing = new TreeSet<>();
    indices.forEach(
        (name, id) -> {
          String now = there.get(name);
          if (now == null || !(now.isEmpty() || id.isEmpty() || id.equals(now))) {
            missing.add(name);
          }
        });
    return missing;
  }

  /**
   * What is copied now. An index that was there before counts as the one it was then: if it was
   * deleted meanwhile, the next look finds it missing. One that did not say its id counts as the
   * one it was when it last did.
   *
   * @param before the indices before the copy
   * @param after the indices after it
   */
  CopiedCounts upTo(long counted, Map<String, String> before, Map<String, String> after) {
    Map<String, String> all = new TreeMap<>(after);
    all.putAll(before);
    all.replaceAll((name, id) -> id.isEmpty() ? indices.getOrDefault(name, "") : id);
    return new CopiedCounts(counted, dimensions, all);
  }

  String json(Instant now) {
    ObjectNode document =
        JSON.createObjectNode()
            .put("query", DOCUMENT_ID)
            .put("updated_at", now.toString())
            .put(LakeLayout.EVENTS_VERSION, version);
    document.set(DIMENSIONS, JSON.valueToTree(dimensions));
    ArrayNode list = document.putArray(INDICES);
    new TreeMap<>(indices).forEach((name, id) -> list.addObject().put(NAME, name).put(ID, id));
    return document.toString();
  }
}
