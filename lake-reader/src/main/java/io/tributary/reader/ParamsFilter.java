package io.tributary.reader;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tributary.event.CanonicalJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the params of an event have given texts at given paths. A path is met by any spelling of
 * it: {@code a.b} by {@code {"a":{"b":1}}} and by {@code {"a.b":1}}. An array stands for each of
 * its elements, at every level. The text of a leaf is the string itself, a number as it was
 * received, {@code true} or {@code false}; null has no text. The index answers alike: its {@code
 * flattened} type joins names the same way.
 */
final class ParamsFilter {
  private final Map<String, String> wanted;

  /**
   * A filter.
   *
   * @param wanted path to text; all must be met
   */
  ParamsFilter(Map<String, String> wanted) {
    this.wanted = Map.copyOf(wanted);
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  /**
   * Texts that the canonical JSON of every match contains: what an engine can look for cheaply
   * before {@link #matches} decides.
   */
  Set<String> necessaryTexts() {
    Set<String> texts = new HashSet<>();
    for (String text : wanted.values()) {
      StringBuilder quoted = new StringBuilder();
      CanonicalJson.appendString(quoted, text);
      texts.add(quoted.substring(1, quoted.length() - 1));
    }
    return texts;
  }

  /** Whether these params, as canonical JSON text or null when the event has none, meet all. */
  boolean matches(@Nullable String params) {
    if (wanted.isEmpty()) {
      return true;
    }
    if (params == null) {
      return false;
    }
    Set<String> missing = new HashSet<>(wanted.keySet());
    try (JsonParser parser = JsonMembers.ANY_JSON.createParser(params)) {
      parser.nextToken();
      walk(parser, "", missing);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read params: they are not JSON. " + e.getMessage(), e);
    }
    return missing.isEmpty();
  }

  /** Depth is bounded: the decoder lets no params deeper than 20 levels in. */
  private void walk(JsonParser parser, String path, Set<String> missing) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          walk(parser, path.isEmpty() ? name : path + "." + name, missing);
        }
      }
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          walk(parser, path, missing);
        }
      }
      case VALUE_NULL -> {}
      default -> {
        if (parser.getText().equals(wanted.get(path))) {
          missing.remove(path);
        }
      }
    }
  }
}
