package io.tributary.event;

import io.tributary.time.Timestamps;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and validates one record. Thread-safe and serializable: tasks carry it.
 *
 * <p>The rules are checked in the order of {@link DeadLetterReason}; the first one broken decides.
 * The same bytes with the same provenance always give the same answer: no clock, no default time
 * zone, no locale.
 *
 * <p>JSON null counts as absent for every field of the event. Nesting is measured where a value
 * ends up: {@code params} itself is depth 1, and a top-level field that is moved into it is as deep
 * there as it was at the top.
 */
public final class EventDecoder implements Serializable {
  /** The largest value that can be an event, in bytes as received. */
  public static final int MAX_VALUE_BYTES = 1_048_576;

  private static final long serialVersionUID = 1L;
  private static final int MAX_ID_CODE_POINTS = 128;
  private static final int MAX_TYPE_CODE_POINTS = 200;
  private static final long MILLIS_AHEAD = 86_400_000L;
  private static final @Nullable Object[] NO_VALUES = {};

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<FieldReader> fields;

  private final long fallbackReferenceMillis;

  /**
   * A decoder that reads these typed fields. For a record without a timestamp, {@code ts} is only
   * bounded by the year 9999.
   */
  public EventDecoder(List<TypedField> fields) {
    this(fields, -1);
  }

  /**
   * A decoder that reads these typed fields.
   *
   * @param runStartMillis stands in for the timestamp of records that have none, in milliseconds
   *     since the epoch; fixed once for a run, so that a retry decides alike
   */
  public EventDecoder(List<TypedField> fields, long runStartMillis) {
    this.fields = fields.stream().map(FieldReader::new).toList();
    this.fallbackReferenceMillis = runStartMillis;
  }

  /** Never throws for any bytes: what is not an event comes back as {@link Decoded.Rejected}. */
  public Decoded decode(byte @Nullable [] value, Provenance provenance) {
    if (value == null || value.length == 0) {
      return new Decoded.Rejected(DeadLetterReason.EMPTY, "The record has no value.", null);
    }
    if (value.length > MAX_VALUE_BYTES) {
      return new Decoded.Rejected(
          DeadLetterReason.TOO_LARGE,
          "The value has %d bytes; at most %d are allowed."
              .formatted(value.length, MAX_VALUE_BYTES),
          null);
    }
    JsonDocument document = JsonDocument.read(value);
    JsonValue root = document.root();
    DeadLetterReason problem = document.problem();
    if (root instanceof JsonValue.Members top) {
      return problem == null
          ? validated(top, document.escapes(), provenance)
          : new Decoded.Rejected(problem, document.detail(), readableId(top));
    }
    if (root == null || problem == DeadLetterReason.NOT_JSON) {
      return new Decoded.Rejected(
          problem == null ? DeadLetterReason.NOT_JSON : problem, document.detail(), null);
    }
    return new Decoded.Rejected(
        DeadLetterReason.NOT_AN_OBJECT, "The value is JSON, but not an object.", null);
  }

  private Decoded validated(JsonValue.Members top, boolean escapes, Provenance provenance) {
    JsonValue type = present(top, "event_type");
    if (type == null) {
      return rejected(top, DeadLetterReason.MISSING_EVENT_TYPE, "event_type is absent.");
    }
    if (!(type instanceof JsonValue.Text typeText)
        || !hasCodePoints(typeText.text(), MAX_TYPE_CODE_POINTS)) {
      return rejected(
          top,
          DeadLetterReason.INVALID_EVENT_TYPE,
          "event_type is not a string of 1 to 200 code points.");
    }

    JsonValue ts = present(top, "ts");
    if (ts == null) {
      return rejected(top, DeadLetterReason.MISSING_TS, "ts is absent.");
    }
    OptionalLong micros = time(ts);
    if (micros.isEmpty()) {
      return rejected(
          top,
          DeadLetterReason.INVALID_TS,
          "ts is neither a number nor an ISO-8601 date and time like 2016-06-10T01:00:00Z.");
    }
    long tsMicros = micros.getAsLong();
    if (tsMicros < 0 || tsMicros > latest(provenance)) {
      return rejected(
          top,
          DeadLetterReason.TS_OUT_OF_RANGE,
          tsMicros < 0
              ? "ts lies before 1970."
              : "ts lies more than 24 hours after the record was received.");
    }

    JsonValue id = present(top, "event_id");
    String ownId = null;
    if (id != null) {
      if (!(id instanceof JsonValue.Text idText) || !isValidId(idText.text())) {
        return rejected(
            top,
            DeadLetterReason.INVALID_EVENT_ID,
            "event_id is not a string of 1 to 128 code points without control characters.");
      }
      ownId = idText.text();
    }

    JsonValue user = present(top, "user_id");
    String userId = textOrNumber(user);
    if (user != null && userId == null) {
      return rejected(
          top, DeadLetterReason.INVALID_USER_ID, "user_id is neither a string nor a number.");
    }
    JsonValue session = present(top, "session_id");
    String sessionId = textOrNumber(session);
    if (session != null && sessionId == null) {
      return rejected(
          top, DeadLetterReason.INVALID_SESSION_ID, "session_id is neither a string nor a number.");
    }

    JsonValue given = present(top, "params");
    if (given != null && !(given instanceof JsonValue.Members)) {
      return rejected(top, DeadLetterReason.INVALID_PARAMS, "params is not an object.");
    }
    JsonValue.Members params =
        TopLevelFields.moved(top, given instanceof JsonValue.Members members ? members : null);
    String paramsText =
        params == null
            ? null
            : escapes ? CanonicalJson.of(params) : CanonicalJson.ofUnescaped(params);

    String eventType = typeText.text();
    String eventId =
        ownId != null
            ? ownId
            : assignedId(provenance, eventType, tsMicros, userId, sessionId, paramsText);
    Event event = new Event(eventId, eventType, tsMicros, userId, sessionId, paramsText);
    return accepted(event, params);
  }

  private Decoded accepted(Event event, JsonValue.@Nullable Members params) {
    long digest = event.digest();
    if (fields.isEmpty()) {
      return new Decoded.Accepted(event, digest, NO_VALUES, 0);
    }
    @Nullable Object[] typedValues = new @Nullable Object[fields.size()];
    int misfits = 0;
    for (int i = 0; params != null && i < typedValues.length; i++) {
      FieldReader field = fields.get(i);
      JsonValue value = field.find(params);
      if (value != null) {
        typedValues[i] = field.convert(value);
        misfits += typedValues[i] == null ? 1 : 0;
      }
    }
    return new Decoded.Accepted(event, digest, typedValues, misfits);
  }

  private static String assignedId(
      Provenance provenance,
      String eventType,
      long tsMicros,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String params) {
    if (provenance instanceof Provenance.Kafka kafka) {
      return EventIdentity.ofKafka(kafka);
    }
    if (provenance instanceof Provenance.Http http) {
      return http.assignedId();
    }
    Provenance.Import source = (Provenance.Import) provenance;
    return EventIdentity.ofContent(
        CanonicalJson.ofEvent(
            null, eventType, Timestamps.isoMicros(tsMicros), userId, sessionId, params),
        source.sourceId());
  }

  /** The last valid {@code ts} of a record, in microseconds since the epoch. */
  private long latest(Provenance provenance) {
    long reference = provenance.referenceMillis();
    if (reference < 0) {
      reference = fallbackReferenceMillis;
    }
    // Compared before multiplying, so that no timestamp, however wrong, overflows.
    return reference < 0 || reference > Timestamps.LATEST / 1_000 - MILLIS_AHEAD
        ? Timestamps.LATEST
        : (reference + MILLIS_AHEAD) * 1_000;
  }

  private static @Nullable JsonValue present(JsonValue.Members top, String name) {
    JsonValue value = top.find(name);
    return value == JsonValue.Literal.NULL ? null : value;
  }

  private static OptionalLong time(JsonValue ts) {
    if (ts instanceof JsonValue.Number number) {
      return Timestamps.ofNumber(number.literal());
    }
    return ts instanceof JsonValue.Text text
        ? Timestamps.ofText(text.text())
        : OptionalLong.empty();
  }

  private static @Nullable String textOrNumber(@Nullable JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.text();
    }
    return value instanceof JsonValue.Number number ? number.literal() : null;
  }

  private static boolean hasCodePoints(String text, int most) {
    return !text.isEmpty()
        && text.length() <= 2 * most
        && (text.length() <= most || text.codePointCount(0, text.length()) <= most);
  }

  private static boolean isValidId(String id) {
    if (!hasCodePoints(id, MAX_ID_CODE_POINTS)) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static Decoded.Rejected rejected(
      JsonValue.Members top, DeadLetterReason reason, String detail) {
    return new Decoded.Rejected(reason, detail, readableId(top));
  }

  /** The event's own id if it is there once and valid, whatever else is wrong with the event. */
  private static @Nullable String readableId(JsonValue.Members top) {
    return top.occurrences("event_id") == 1
            && top.find("event_id") instanceof JsonValue.Text id
            && Utf8.isWellFormed(id.text())
            && isValidId(id.text())
        ? id.text()
        : null;
  }
}
