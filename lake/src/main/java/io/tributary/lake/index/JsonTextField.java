package io.tributary.lake.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.elasticsearch.hadoop.serialization.field.ConstantFieldExtractor;

/**
 * Finds a top-level field of a document that is JSON text, and reads no further: what comes first
 * is found fast, and nothing behind it can be in the way.
 *
 * <p>Made by the connector inside tasks, by its name.
 */
public final class JsonTextField extends ConstantFieldExtractor {
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

  /** The connector makes extractors by reflection. */
  public JsonTextField() {}

  @Override
  protected Object extractField(Object document) {
    String wanted = String.join(".", getFieldNames());
    try (JsonParser parser = ANY_JSON.createParser((String) document)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(wanted);
        JsonToken value = parser.nextToken();
        if (found) {
          return value == JsonToken.VALUE_NUMBER_INT
              ? (Object) parser.getLongValue()
              : parser.getText();
        }
        parser.skipChildren();
      }
      return NOT_FOUND;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find %s in a document".formatted(wanted), e);
    }
  }
}
