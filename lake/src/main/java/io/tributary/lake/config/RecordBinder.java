package io.tributary.lake.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.event.TypedField;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/** Makes records of a tree of settings and gathers what is wrong with it. */
final class RecordBinder {
  private final StringSubstitutor substitutor;
  private final List<String> problems;

  RecordBinder(Map<String, String> environment, List<String> problems) {
    this.substitutor = new StringSubstitutor(environment).setEnableUndefinedVariableException(true);
    this.problems = problems;
  }

  /** Empty when anything was wrong; the problems then say what. */
  <T> Optional<T> bind(Class<T> type, JsonNode tree) {
    int before = problems.size();
    Object bound = value(type, tree, "");
    return problems.size() > before ? Optional.empty() : Optional.ofNullable(type.cast(bound));
  }

  private @Nullable Object value(Type type, @Nullable JsonNode node, String path) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Map.class ? map(node, path) : list(generic, node, path);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord() && plain != ByteSize.class) {
      return record(plain, node, path);
    }
    return scalar(plain, node, path);
  }

  private @Nullable Object record(Class<?> type, @Nullable JsonNode node, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    int before = problems.size();
    refuseUnknown(components, node, path);
    for (int i = 0; i < components.length; i++) {
      String key = key(components[i].getName());
      values[i] =
          value(
              components[i].getGenericType(),
              node == null ? null : node.get(key),
              path.isEmpty() ? key : path + "." + key);
    }
    if (problems.size() > before) {
      return null;
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalArgumentException) {
        problems.add(path.isEmpty() ? cause.getMessage() : path + ": " + cause.getMessage());
        return null;
      }
      throw new IllegalStateException(cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + type.getName(), e);
    }
  }

  /** The keys of sections are known by the reference file; those of a list's entries only here. */
  private void refuseUnknown(RecordComponent[] components, @Nullable JsonNode node, String path) {
    if (node == null) {
      return;
    }
    List<String> known =
        Arrays.stream(components).map(component -> key(component.getName())).toList();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                String section = path.isEmpty() ? "" : path + ".";
                problems.add(
                    "unknown key %s%s%s"
                        .formatted(
                            section, name, ConfigurationReader.suggestion(section, name, known)));
              }
            });
  }

  private Map<String, String> map(@Nullable JsonNode node, String path) {
    Map<String, String> values = new LinkedHashMap<>();
    if (node != null && node.isObject()) {
      node.fields()
          .forEachRemaining(
              entry -> {
                String text = text(entry.getValue(), path + "." + entry.getKey());
                if (text != null) {
                  values.put(entry.getKey(), text);
                }
              });
    }
    return values;
  }

  private List<Object> list(ParameterizedType type, @Nullable JsonNode node, String path) {
    List<Object> values = new ArrayList<>();
    if (node == null || node.isNull()) {
      return values;
    }
    if (!node.isArray()) {
      problems.add("%s must be a list".formatted(path));
      return values;
    }
    for (int i = 0; i < node.size(); i++) {
      Object value =
          value(type.getActualTypeArguments()[0], node.get(i), "%s[%d]".formatted(path, i));
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private @Nullable Object scalar(Class<?> type, @Nullable JsonNode node, String path) {
    String text = text(node, path);
    if (text == null) {
      return null;
    }
    try {
      return convert(type, text);
    } catch (IllegalArgumentException e) {
      problems.add("%s: %s (%s)".formatted(path, text, rule(type, e)));
      return null;
    }
  }

  private static Object convert(Class<?> type, String text) {
    if (type == String.class) {
      return text;
    }
    if (type == int.class) {
      return Integer.parseInt(text);
    }
    if (type == long.class) {
      return Long.parseLong(text);
    }
    if (type == boolean.class) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new IllegalArgumentException("must be true or false");
      }
      return Boolean.parseBoolean(text);
    }
    if (type == Duration.class) {
      return Durations.parse(text);
    }
    if (type == ByteSize.class) {
      return ByteSize.parse(text);
    }
    if (type == TypedField.Type.class) {
      return TypedField.Type.fromCode(text);
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    throw new IllegalStateException("No rule to read a " + type);
  }

  private static Object constant(Class<?> type, String text) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw new IllegalArgumentException("must be one of " + String.join(", ", names));
  }

  private static String rule(Class<?> type, IllegalArgumentException e) {
    return e instanceof NumberFormatException
        ? "must be a whole number%s".formatted(type == int.class ? " below 2147483648" : "")
        : Objects.requireNonNullElse(e.getMessage(), "is not valid");
  }

  /** The text of a value with the environment filled in; null and a problem when there is none. */
  private @Nullable String text(@Nullable JsonNode node, String path) {
    if (node == null || node.isNull()) {
      problems.add("%s is missing".formatted(path));
      return null;
    }
    if (node.isContainerNode()) {
      problems.add("%s must be a single value".formatted(path));
      return null;
    }
    try {
      return substitutor.replace(node.asText());
    } catch (IllegalArgumentException e) {
      problems.add(
          "%s: %s names an environment variable that is not set".formatted(path, node.asText()));
      return null;
    }
  }

  private static String key(String component) {
    StringBuilder key = new StringBuilder();
    for (char c : component.toCharArray()) {
      if (Character.isUpperCase(c)) {
        key.append('-').append(Character.toLowerCase(c));
      } else {
        key.append(c);
      }
    }
    return key.toString();
  }
}
