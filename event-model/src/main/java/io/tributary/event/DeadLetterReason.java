package io.tributary.event;

import java.util.Locale;

/**
 * Why a record is not an event. Ordered as the decoder checks: the first rule broken decides.
 * {@link #ID_CONFLICT} is found later by the lake, {@link #INDEX_REJECTED} by the index.
 */
public enum DeadLetterReason {
  /** Nothing there: a tombstone, no bytes, or only a byte order mark and white space. */
  EMPTY,
  /** More than {@link EventDecoder#MAX_VALUE_BYTES} bytes as received. */
  TOO_LARGE,
  /** Not well-formed UTF-8. */
  INVALID_UTF8,
  /** Not one JSON text by RFC 8259. */
  NOT_JSON,
  /** JSON, but not an object. */
  NOT_AN_OBJECT,
  /** Nested deeper than {@code params} may be. */
  TOO_DEEP,
  /** An unpaired surrogate in a name or a string. */
  INVALID_UNICODE,
  /** Two members of one object have the same name. */
  DUPLICATE_KEY,
  /** {@code event_type} is absent or null. */
  MISSING_EVENT_TYPE,
  /** {@code event_type} is not a string of 1 to 200 code points. */
  INVALID_EVENT_TYPE,
  /** {@code ts} is absent or null. */
  MISSING_TS,
  /** {@code ts} is neither a number nor an ISO-8601 date and time. */
  INVALID_TS,
  /** {@code ts} lies before 1970 or more than 24 hours after the record was received. */
  TS_OUT_OF_RANGE,
  /** {@code event_id} is not a string of 1 to 128 code points without control characters. */
  INVALID_EVENT_ID,
  /** {@code user_id} is neither a string nor a number. */
  INVALID_USER_ID,
  /** {@code session_id} is neither a string nor a number. */
  INVALID_SESSION_ID,
  /** {@code params} is not an object. */
  INVALID_PARAMS,
  /** The same id on the same day is already there with another content. */
  ID_CONFLICT,
  /** The index refused the document; the event stays a row of the lake. */
  INDEX_REJECTED;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The code in tables and answers, for example {@code not_json}. */
  public String code() {
    return code;
  }
}
