package io.tributary.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the streaming job says in its commits about how far it has come. */
final class CompleteThrough {
  /** The member of a commit's own text: an ISO-8601 Kafka time. */
  static final String MEMBER = "complete_through";

  private static final JsonFactory JSON = new JsonFactory();

  private CompleteThrough() {}

  /** The time that the first of these commits which names one gives. */
  static Optional<Instant> of(List<Commit> newestFirst) {
    for (Commit commit : newestFirst) {
      String metadata = commit.userMetadata();
      Optional<Instant> time = metadata == null ? Optional.empty() : member(metadata);
      if (time.isPresent()) {
        return time;
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> member(String metadata) {
    try (JsonParser parser = JSON.createParser(metadata)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(MEMBER);
        JsonToken value = parser.nextToken();
        if (wanted) {
          return value == JsonToken.VALUE_STRING
              ? Optional.of(Instant.parse(parser.getText()))
              : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException | DateTimeException e) {
      // Anybody may write any text into a commit: one that is not ours says nothing.
      return Optional.empty();
    }
  }
}
