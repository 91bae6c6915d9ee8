package io.tributary.api.elastic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.tributary.event.CanonicalJson;
import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.event.TypedField;
import io.tributary.query.KafkaPosition;
import io.tributary.query.StoredEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event's document in the index, read token by token so that numbers keep their text. */
record IndexedEvent(StoredEvent stored) {

  /** Reads documents with these typed fields. */
  static final class Deserializer extends JsonDeserializer<IndexedEvent> {
    private final Map<String, TypedField.Type> types = new LinkedHashMap<>();

    Deserializer(List<TypedField> fields) {
      fields.forEach(field -> types.put(field.name(), field.type()));
    }

    @Override
    public IndexedEvent deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Map<String, String> texts = new HashMap<>();
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      types.keySet().forEach(name -> fields.put(name, null));
      String params = null;
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        parser.nextToken();
      }
      while (parser.currentToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        TypedField.Type type = types.get(name);
        if (value == JsonToken.VALUE_NULL) {
          parser.nextToken();
          continue;
        }
        if (name.equals("params")) {
          params = text(parser);
        } else if (type != null) {
          fields.put(name, typed(type, parser));
        } else if (value.isScalarValue()) {
          texts.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
        parser.nextToken();
      }
      Event event =
          new Event(
              required(texts, "event_id"),
              required(texts, "event_type"),
              Long.parseLong(required(texts, "ts_micros")),
              texts.get("user_id"),
              texts.get("session_id"),
              params);
      return new IndexedEvent(new StoredEvent(event, fields, kafka(texts)));
    }

    private static String required(Map<String, String> texts, String name) throws IOException {
      String text = texts.get(name);
      if (text == null) {
        throw new IOException("Cannot read a document of the index: it has no " + name);
      }
      return text;
    }

    private static @Nullable KafkaPosition kafka(Map<String, String> texts) {
      String topic = texts.get("kafka_topic");
      if (topic == null) {
        return null;
      }
      String ts = texts.get("kafka_ts");
      return new KafkaPosition(
          topic,
          Integer.parseInt(texts.getOrDefault("kafka_partition", "-1")),
          Long.parseLong(texts.getOrDefault("kafka_offset", "-1")),
          ts == null ? Instant.ofEpochMilli(-1) : Instant.parse(ts));
    }

    private static @Nullable Object typed(TypedField.Type type, JsonParser parser)
        throws IOException {
      return switch (type) {
        case STRING -> parser.getText();
        case LONG -> parser.getLongValue();
        case DOUBLE -> parser.getDoubleValue();
        case BOOLEAN -> parser.getBooleanValue();
        case TIMESTAMP -> Instant.parse(parser.getText());
        case GEO_POINT -> place(parser);
      };
    }

    private static GeoPoint place(JsonParser parser) throws IOException {
      Map<String, Double> numbers = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        numbers.put(name, parser.getDoubleValue());
      }
      return new GeoPoint(
          Objects.requireNonNull(numbers.get("lat")), Objects.requireNonNull(numbers.get("lon")));
    }

    /** The value as canonical text; the document holds it in canonical order already. */
    private static String text(JsonParser parser) throws IOException {
      StringBuilder out = new StringBuilder();
      int depth = 0;
      boolean first = true;
      do {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          out.append(token.asString());
          depth--;
          first = false;
        } else {
          if (!first) {
            out.append(',');
          }
          first = false;
          if (token == JsonToken.FIELD_NAME) {
            CanonicalJson.appendString(out, parser.currentName());
            out.append(':');
            first = true;
          } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            out.append(token.asString());
            depth++;
            first = true;
          } else if (token == JsonToken.VALUE_STRING) {
            CanonicalJson.appendString(out, parser.getText());
          } else {
            out.append(parser.getText());
          }
        }
        if (depth > 0) {
          parser.nextToken();
        }
      } while (depth > 0);
      return out.toString();
    }
  }
}
