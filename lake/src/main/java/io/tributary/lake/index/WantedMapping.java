package io.tributary.lake.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The mapping that an index gets when it is made now, to compare those of older ones with.
 *
 * @param properties the fields
 * @param configured names of those fields that come from the configuration; the others are the same
 *     in every index that was made by our template
 */
record WantedMapping(JsonNode properties, Set<String> configured) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PROPERTIES = "properties";

  /**
   * @param mappings as JSON text
   */
  static WantedMapping of(String mappings, Collection<String> configured) {
    try {
      return new WantedMapping(JSON.readTree(mappings).path(PROPERTIES), Set.copyOf(configured));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Our own mappings are no JSON: " + mappings, e);
    }
  }

  /** The same of a template. */
  static WantedMapping ofTemplate(String template, Collection<String> configured) {
    try {
      return of(JSON.readTree(template).path("template").path("mappings").toString(), configured);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Our own template is no JSON: " + template, e);
    }
  }

  /**
   * Whether an index with these mappings holds documents of ours, however they are mapped: it has
   * all of some fields. What has not is somebody else's, under a name that could be ours.
   */
  static boolean isOurs(JsonNode mappings, Set<String> signature) {
    JsonNode found = mappings.path(PROPERTIES);
    return signature.stream().allMatch(found::has);
  }

  /** Whether nothing is mapped yet: nothing was ever written there. */
  static boolean isEmpty(JsonNode mappings) {
    return mappings.path(PROPERTIES).isEmpty();
  }

  /** What gives an index with these mappings the rest, and keeps it from mapping dynamically. */
  String completed(JsonNode mappings) {
    ObjectNode all = JSON.createObjectNode();
    all.put("dynamic", false);
    all.set(PROPERTIES, lacking(mappings));
    return all.toString();
  }

  /** A built-in field that has another type in these mappings; empty when none has. */
  Optional<String> wrongType(JsonNode mappings) {
    return another(mappings, field -> !configured.contains(field));
  }

  /**
   * By what an index with these mappings shows that it was not made by our template; empty when it
   * was. Such an index was made of the first document that came, and says other things of the
   * fields than all others do.
   */
  Optional<String> contradiction(JsonNode mappings) {
    if (!mappings.path("dynamic").asText().equals("false")) {
      return Optional.of("it maps fields dynamically");
    }
    return wrongType(mappings);
  }

  /**
   * The field of the configuration that has another type in these mappings; empty when none has.
   */
  Optional<String> conflict(JsonNode mappings) {
    return another(mappings, configured::contains);
  }

  /** Whether an index with these mappings is as one made now. */
  boolean isFulfilledBy(JsonNode mappings) {
    return contradiction(mappings).isEmpty()
        && conflict(mappings).isEmpty()
        && missing(mappings).isEmpty();
  }

  private Optional<String> another(JsonNode mappings, Predicate<String> fields) {
    for (Iterator<Map.Entry<String, JsonNode>> each = properties.fields(); each.hasNext(); ) {
      Map.Entry<String, JsonNode> wanted = each.next();
      JsonNode found = mappings.path(PROPERTIES).path(wanted.getKey());
      if (!found.isMissingNode()
          && fields.test(wanted.getKey())
          && !type(found).equals(type(wanted.getValue()))) {
        return Optional.of(
            "field %s is of type %s, not %s"
                .formatted(wanted.getKey(), type(found), type(wanted.getValue())));
      }
    }
    return Optional.empty();
  }

  private static String type(JsonNode field) {
    return field.path("type").asText("object");
  }

  /** The fields that these mappings lack, as a mapping of their own; empty when they lack none. */
  Optional<String> missing(JsonNode mappings) {
    ObjectNode missing = lacking(mappings);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(JSON.createObjectNode().set(PROPERTIES, missing).toString());
  }

  private ObjectNode lacking(JsonNode mappings) {
    ObjectNode lacking = JSON.createObjectNode();
    properties
        .fields()
        .forEachRemaining(
            field -> {
              if (!mappings.path(PROPERTIES).has(field.getKey())) {
                lacking.set(field.getKey(), field.getValue());
              }
            });
    return lacking;
  }
}
