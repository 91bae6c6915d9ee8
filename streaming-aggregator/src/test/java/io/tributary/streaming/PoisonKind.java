package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.EventIdentity;
import io.tributary.event.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A line of {@code data/poison/kinds.ndjson}; its README says what the members mean. */
record PoisonKind(JsonNode line) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path CORPUS =
      Path.of(System.getProperty("tributary.checkout", ".."), "data", "poison", "kinds.ndjson");

  /** 2016-06-20T00:00:00Z. */
  private static final long RECEIVED_MILLIS = 1_466_380_800_000L;

  static List<PoisonKind> all() throws IOException {
    List<PoisonKind> kinds = new ArrayList<>();
    for (String line : Files.readAllLines(CORPUS)) {
      kinds.add(new PoisonKind(JSON.readTree(line)));
    }
    return kinds;
  }

  String name() {
    return line.path("name").asText();
  }

  byte @Nullable [] key() {
    return line.has("key") ? bytes(line.path("key").asText()) : null;
  }

  byte @Nullable [] value() throws IOException {
    if (line.has("value_base64")) {
      return line.path("value_base64").binaryValue();
    }
    if (line.has("value_recipe")) {
      return bytes(cooked(line.path("value_recipe")));
    }
    return line.path("value").isNull() ? null : bytes(line.path("value").asText());
  }

  long kafkaMillis() {
    return line.path("kafka_ts_ms").asLong(RECEIVED_MILLIS);
  }

  boolean isRow() {
    return line.path("expect").has("row");
  }

  boolean isDuplicate() {
    return line.path("expect").has("duplicate");
  }

  /** The code of its letter; null when it is none. */
  @Nullable String deadLetter() {
    return line.path("expect").has("dead") ? line.path("expect").path("dead").asText() : null;
  }

  String duplicateOf() {
    return line.path("expect").path("duplicate").asText();
  }

  /** The words with which Elasticsearch refuses its document; null when it takes it. */
  @Nullable String refusal() {
    return line.has("index") ? line.path("index").path("rejected").asText() : null;
  }

  /** The columns of its row that are not null, as text; typed fields under their names. */
  Map<String, String> columns(Provenance.Kafka kafka) {
    Map<String, String> columns = new TreeMap<>();
    JsonNode row = line.path("expect").path("row");
    columns.put("event_id", EventIdentity.ofKafka(kafka));
    row.fields()
        .forEachRemaining(
            member -> {
              if (!member.getKey().equals("fields")) {
                columns.put(member.getKey(), text(member.getValue()));
              }
            });
    row.path("fields")
        .fields()
        .forEachRemaining(field -> columns.put(field.getKey(), text(field.getValue())));
    return columns;
  }

  private static String text(JsonNode value) {
    if (value.has("parts")) {
      return cooked(value);
    }
    return value.isTextual() ? value.asText() : value.toString();
  }

  private static String cooked(JsonNode recipe) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : recipe.path("parts")) {
      String once = part.path("text").asText();
      String separator = part.path("separator").asText("");
      int times = part.path("times").asInt(1);
      for (int i = 0; i < times; i++) {
        text.append(i == 0 ? "" : separator)
            .append(
                once.contains("{i")
                    ? once.replace("{i}", "%05d".formatted(i)).replace("{i1}", "" + (i + 1))
                    : once);
      }
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name();
  }
}
