package io.tributary.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The statistics that a writer noted in the log beside a file. */
final class FileStatistics {
  private static final JsonFactory JSON = new JsonFactory();

  private FileStatistics() {}

  /** Rows in the file, null when the statistics do not say or cannot be understood. */
  static @Nullable Long numRecords(String statistics) {
    try (JsonParser parser = JSON.createParser(statistics)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("numRecords");
        JsonToken value = parser.nextToken();
        if (wanted) {
          return value == JsonToken.VALUE_NUMBER_INT ? Long.valueOf(parser.getLongValue()) : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      // Statistics are optional in Delta: without them the file is simply read.
      return null;
    }
  }
}
