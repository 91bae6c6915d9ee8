package io.tributary.lake.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * Reads a program's configuration: the reference file, which holds every key with its default and
 * its explanation, overlaid by the user's file, in which any subset of the keys may stand. {@code
 * ${NAME:-default}} is replaced from the environment. Unknown keys, wrong types and broken rules
 * are all reported together.
 *
 * @param <T> a record whose components are named like the keys, in camel case
 */
public final class ConfigurationReader<T> {
  private static final ObjectMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                  // A section's key whose settings are all commented out holds nothing.
                  .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                  .build())
          .build();

  private final Class<T> type;
  private final JsonNode reference;
  private final Map<String, String> environment;

  private ConfigurationReader(Class<T> type, JsonNode reference, Map<String, String> environment) {
    this.type = type;
    this.reference = reference;
    this.environment = environment;
  }

  /**
   * A reader that takes its defaults from a resource beside the record's class.
   *
   * @param environment the variables that may be named in values
   */
  public static <T> ConfigurationReader<T> of(
      Class<T> type, String referenceResource, Map<String, String> environment) {
    try (InputStream in = type.getResourceAsStream(referenceResource)) {
      if (in == null) {
        throw new IllegalStateException("There is no resource " + referenceResource);
      }
      return new ConfigurationReader<>(type, YAML.readTree(in), environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a duration out of text that may also hold a word.
   *
   * @throws IllegalArgumentException naming the key and the rule
   */
  public static Duration duration(String key, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s (%s)".formatted(key, text, e.getMessage()), e);
    }
  }

  /** The defaults alone. */
  public T defaults() throws ConfigurationException {
    return read("(defaults)", MissingNode.getInstance());
  }

  /** The defaults overlaid by a file. */
  public T read(Path file) throws ConfigurationException {
    if (!Files.isReadable(file)) {
      throw new ConfigurationException(
          file.toString(), List.of("the file is not there or not readable"));
    }
    try {
      return read(file.toString(), YAML.readTree(file.toFile()));
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          file.toString(), List.of("it is not valid YAML: " + e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** The defaults overlaid by YAML text. */
  public T readText(String yaml) throws ConfigurationException {
    try {
      return read("(text)", YAML.readTree(yaml));
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          "(text)", List.of("it is not valid YAML: " + e.getOriginalMessage()));
    }
  }

  private T read(String source, JsonNode user) throws ConfigurationException {
    List<String> problems = new ArrayList<>();
    JsonNode merged = reference.deepCopy();
    if (user instanceof ObjectNode object) {
      overlay((ObjectNode) merged, object, "", problems);
    } else if (!user.isMissingNode() && !user.isNull()) {
      problems.add("the file must hold keys and values");
    }
    Optional<T> bound = new RecordBinder(environment, problems).bind(type, merged);
    if (!problems.isEmpty() || bound.isEmpty()) {
      throw new ConfigurationException(source, problems);
    }
    return bound.get();
  }

  private static void overlay(
      ObjectNode target, ObjectNode user, String path, List<String> problems) {
    Iterator<Map.Entry<String, JsonNode>> entries = user.fields();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      String key = path + entry.getKey();
      JsonNode known = target.get(entry.getKey());
      if (known == null) {
        problems.add(
            "unknown key %s%s".formatted(key, suggestion(path, entry.getKey(), names(target))));
      } else if (known instanceof ObjectNode section && !isFreeForm(section)) {
        if (entry.getValue() instanceof ObjectNode object) {
          overlay(section, object, key + ".", problems);
        } else if (!entry.getValue().isNull()) {
          problems.add("%s must hold keys and values".formatted(key));
        }
      } else if (!entry.getValue().isNull()) {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }

  private static List<String> names(ObjectNode known) {
    List<String> names = new ArrayList<>();
    known.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** A section without keys in the reference takes any: options of Spark, Kafka, Elasticsearch. */
  private static boolean isFreeForm(ObjectNode section) {
    return section.isEmpty();
  }

  static String suggestion(String path, String key, Collection<String> names) {
    @Nullable String nearest =
        names.stream()
            .min(
                Comparator.comparingInt(
                    name -> LevenshteinDistance.getDefaultInstance().apply(name, key)))
            .orElse(null);
    if (nearest != null
        && LevenshteinDistance.getDefaultInstance().apply(nearest, key) <= 1 + key.length() / 3) {
      return ". Did you mean %s%s?".formatted(path, nearest);
    }
    return ". Known here: %s".formatted(String.join(", ", names));
  }
}
