package io.tributary.event;

import io.tributary.time.Timestamps;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The event that a document of the index holds, as far as it still holds one. */
public final class DocumentedEvent {
  private DocumentedEvent() {}

  /**
   * Reads an event back out of its document, so that its digest can be compared with the one that
   * was stored with it.
   *
   * @param document JSON text in UTF-8
   * @return empty when the document holds no event: a field is gone, of another kind, or the two
   *     spellings of the time disagree
   */
  public static Optional<Event> of(byte[] document) {
    JsonDocument read = JsonDocument.read(document);
    if (read.problem() != null || !(read.root() instanceof JsonValue.Members fields)) {
      return Optional.empty();
    }
    JsonValue ts = fields.find("ts");
    OptionalLong micros =
        ts instanceof JsonValue.Text text ? Timestamps.ofIso(text.text()) : OptionalLong.empty();
    JsonValue params = fields.find("params");
    if (micros.isEmpty()
        || !(fields.find("ts_micros") instanceof JsonValue.Number number)
        || !number.literal().equals(Long.toString(micros.getAsLong()))
        || !(fields.find("event_id") instanceof JsonValue.Text eventId)
        || !(fields.find("event_type") instanceof JsonValue.Text eventType)
        || !isTextOrAbsent(fields.find("user_id"))
        || !isTextOrAbsent(fields.find("session_id"))
        || !(params == null || params instanceof JsonValue.Members)) {
      return Optional.empty();
    }
    return Optional.of(
        new Event(
            eventId.text(),
            eventType.text(),
            micros.getAsLong(),
            fields.find("user_id") instanceof JsonValue.Text user ? user.text() : null,
            fields.find("session_id") instanceof JsonValue.Text session ? session.text() : null,
            params == null ? null : CanonicalJson.of((JsonValue.Members) params)));
  }

  private static boolean isTextOrAbsent(@Nullable JsonValue value) {
    return value == null || value instanceof JsonValue.Text;
  }
}
