package io.tributary.api.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes an id into an event that has none and leaves every other byte as it was received. */
final class IdInsertion {
  private static final String MEMBER = "event_id";
  private static final int NULL_BYTES = 4;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private IdInsertion() {}

  /**
   * The event with the id: as its first member, or in the place of a null.
   *
   * @param event a valid event, so an object with at least one member, whose id is absent or null
   * @param id without characters that JSON escapes
   */
  static byte[] withId(byte[] event, String id) {
    int nullAt = nullAt(event);
    return nullAt >= 0
        ? replace(event, nullAt, NULL_BYTES, '"' + id + '"')
        : replace(event, indexOfBrace(event) + 1, 0, '"' + MEMBER + "\":\"" + id + "\",");
  }

  /** Where the null of a top-level {@code event_id} begins, -1 when there is no such member. */
  private static int nullAt(byte[] event) {
    try (JsonParser parser = JSON.createParser(event)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean id = parser.currentName().equals(MEMBER);
        JsonToken value = parser.nextToken();
        if (id && value == JsonToken.VALUE_NULL) {
          return (int) parser.currentTokenLocation().getByteOffset();
        }
        parser.skipChildren();
      }
      return -1;
    } catch (IOException impossible) {
      throw new UncheckedIOException("Cannot read again what was decoded", impossible);
    }
  }

  private static int indexOfBrace(byte[] event) {
    int at = 0;
    while (event[at] != '{') {
      at++;
    }
    return at;
  }

  private static byte[] replace(byte[] event, int at, int length, String text) {
    byte[] inserted = text.getBytes(StandardCharsets.US_ASCII);
    byte[] result = new byte[event.length - length + inserted.length];
    System.arraycopy(event, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(event, at + length, result, at + inserted.length, event.length - at - length);
    return result;
  }
}
