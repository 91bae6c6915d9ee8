package io.tributary.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Single members of a JSON object that anybody may have written: what is not there is empty. */
final class JsonMembers {
  /** Reads what events may hold: names and numbers of any length. */
  static final JsonFactory ANY_JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonMembers() {}

  /** A member that is a text. */
  static Optional<String> text(String json, String name) {
    return find(
        json,
        name,
        parser ->
            parser.currentToken() == JsonToken.VALUE_STRING
                ? Optional.of(parser.getText())
                : Optional.empty());
  }

  /** A member that is a whole number. */
  static OptionalLong number(String json, String name) {
    Optional<Long> number =
        find(
            json,
            name,
            parser ->
                parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    ? Optional.of(parser.getLongValue())
                    : Optional.empty());
    return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
  }

  private interface Reader<T> {
    Optional<T> read(JsonParser parser) throws IOException;
  }

  private static <T> Optional<T> find(String json, String name, Reader<T> reader) {
    try (JsonParser parser = ANY_JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(name);
        parser.nextToken();
        if (wanted) {
          return reader.read(parser);
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      // Not JSON, or cut off: it says nothing.
      return Optional.empty();
    }
  }
}
