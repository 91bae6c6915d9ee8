package io.tributary.produce;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tributary.event.CanonicalJson;
import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of a record of another system: three of its fields become type, time and id, all
 * others go into params. Values are copied letter by letter, so numbers and texts stay as they are.
 * A record that cannot be mapped goes out as it is, to become the dead letter it deserves.
 */
final class FieldMapping {
  private static final JsonFactory JSON = new JsonFactory();

  private final @Nullable String typeField;
  private final @Nullable String constantType;
  private final @Nullable String timeField;
  private final @Nullable String idField;
  private final List<String> sourceIdFields;
  private final long startedMillis;
  private final EventDecoder decoder = new EventDecoder(List.of());

  /**
   * A mapping; what is null stays under its own name.
   *
   * @param constantType the type of all events, when no field says it
   * @param sourceIdFields fields that tell two records of the same content apart, used when there
   *     is no id
   */
  FieldMapping(
      @Nullable String typeField,
      @Nullable String constantType,
      @Nullable String timeField,
      @Nullable String idField,
      List<String> sourceIdFields,
      long startedMillis) {
    this.typeField = typeField;
    this.constantType = constantType;
    this.timeField = timeField;
    this.idField = idField;
    this.sourceIdFields = sourceIdFields;
    this.startedMillis = startedMillis;
  }

  private boolean renames() {
    return typeField != null || constantType != null || timeField != null || idField != null;
  }

  /** The record to send for a line, given as its bytes. */
  Outgoing outgoing(byte[] line) {
    if (!renames()) {
      return new Outgoing(key(line), line);
    }
    List<Member> members = new ArrayList<>();
    try {
      split(text(line), members);
    } catch (IOException e) {
      return new Outgoing(null, line);
    }
    return event(members);
  }

  private Outgoing event(List<Member> members) {
    StringBuilder head = new StringBuilder();
    StringBuilder params = new StringBuilder();
    StringBuilder sourceId = new StringBuilder();
    if (constantType != null) {
      head.append(",\"event_type\":");
      CanonicalJson.appendString(head, constantType);
    }
    for (Member member : members) {
      if (sourceIdFields.contains(member.name)) {
        sourceId.append(sourceId.isEmpty() ? "" : "\n").append(member.value);
      }
      if (member.name.equals(idField)) {
        head.append(",\"event_id\":").append(member.asText());
      } else if (member.name.equals(typeField)) {
        head.append(",\"event_type\":").append(member.value);
      } else if (member.name.equals(timeField)) {
        head.append(",\"ts\":").append(member.value);
      } else {
        params.append(params.isEmpty() ? "{" : ",");
        CanonicalJson.appendString(params, member.name);
        params.append(':').append(member.value);
      }
    }
    String event = head + (params.isEmpty() ? "" : ",\"params\":" + params + "}") + "}";
    byte[] value = ("{" + event.substring(1)).getBytes(StandardCharsets.UTF_8);
    if (idField == null
        && decoder.decode(value, new Provenance.Import(startedMillis, sourceId.toString()))
            instanceof Decoded.Accepted accepted) {
      String id = accepted.event().eventId();
      return new Outgoing(
          id.getBytes(StandardCharsets.UTF_8),
          ("{\"event_id\":\"" + id + "\"" + event).getBytes(StandardCharsets.UTF_8));
    }
    return new Outgoing(key(value), value);
  }

  /** The id the record carries, null when it carries none. */
  private byte @Nullable [] key(byte[] value) {
    return decoder.decode(value, new Provenance.Http(startedMillis, "?"))
                instanceof Decoded.Accepted accepted
            && !accepted.event().eventId().equals("?")
        ? accepted.event().eventId().getBytes(StandardCharsets.UTF_8)
        : null;
  }

  private static String text(byte[] utf8) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  private static void split(String line, List<Member> members) throws IOException {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        // Reads the value to its end, also a text or a number.
        parser.finishToken();
        int end = (int) parser.currentLocation().getCharOffset();
        members.add(new Member(name, line.substring(start, end).strip(), token));
      }
      if (parser.nextToken() != null) {
        throw new IOException("more than one value");
      }
    }
  }

  private record Member(String name, String value, JsonToken token) {
    /** Ids are texts: one that came as a number is quoted. */
    String asText() {
      return token.isNumeric() ? '"' + value + '"' : value;
    }
  }
}
