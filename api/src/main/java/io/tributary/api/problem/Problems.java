package io.tributary.api.problem;

import io.tributary.query.QueryUnavailableException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every problem the API tells of, in one place so that all speak alike. */
public final class Problems {
  private static final int SHOWN_CHARACTERS = 100;
  private static final String SPECIFICATION = "See /openapi.yaml.";

  private Problems() {}

  // --- Parameters

  /** A parameter that the route does not know. */
  public static Problem unknownParameter(String name, String knownNames) {
    return Problem.of(
            400,
            "unknown_parameter",
            "Unknown parameter",
            "Unknown parameter: %s.".formatted(shown(name)),
            "Use only these: %s.".formatted(knownNames))
        .at(shown(name));
  }

  /** A required parameter is absent. */
  public static Problem missingParameter(String name, String rule) {
    return Problem.of(
            400,
            "missing_parameter",
            "Missing parameter",
            "Missing parameter: %s.".formatted(name),
            "Give %s: %s.".formatted(name, rule))
        .at(name);
  }

  /** A parameter that may be given once was given several times. */
  public static Problem repeatedParameter(String name) {
    return Problem.of(
            400,
            "repeated_parameter",
            "Repeated parameter",
            "Parameter %s is given more than once.".formatted(shown(name)),
            "Give %s once.".formatted(shown(name)))
        .at(shown(name));
  }

  /** A parameter's value breaks its rule. */
  public static Problem invalidParameter(String name, String value, String rule) {
    return invalidParameter(name, "Invalid %s: %s.".formatted(name, shown(value)), rule, name);
  }

  /** A parameter whose fault is explained elsewhere. */
  public static Problem invalidParameterBecause(String name, String detail, String remedy) {
    return Problem.of(400, "invalid_parameter", "Invalid parameter", detail, remedy).at(name);
  }

  private static Problem invalidParameter(
      String name, String detail, String rule, String parameter) {
    return Problem.of(
            400,
            "invalid_parameter",
            "Invalid parameter",
            detail,
            "Give %s as %s.".formatted(name, rule))
        .at(parameter);
  }

  /** The query string can't be decoded. */
  public static Problem malformedQuery(String reason) {
    return Problem.of(
        400,
        "malformed_query",
        "Malformed query string",
        "Cannot read the query string: %s.".formatted(reason),
        "Percent-encode the UTF-8 bytes of names and values.");
  }

  /** The range starts after its end. */
  public static Problem reversedRange(String startName, String endName) {
    return Problem.of(
            400,
            "reversed_range",
            "Range starts after its end",
            "Invalid range: %s lies after %s.".formatted(startName, endName),
            "Exchange %s and %s.".formatted(startName, endName))
        .at(startName);
  }

  /** A filter that the index can't answer. */
  public static Problem unsupportedFilter(String name, int maxCharacters) {
    return Problem.of(
            400,
            "unsupported_filter",
            "Unsupported filter",
            "Cannot filter by %s: the index holds only values of at most %d bytes."
                .formatted(shown(name), maxCharacters),
            "Filter by another parameter, or query the lake for such values.")
        .at(shown(name));
  }

  /** A cursor that was not made by this API, or was damaged on its way. */
  public static Problem brokenCursor(String reason) {
    return Problem.of(
            400,
            "broken_cursor",
            "Broken cursor",
            "Cannot read the cursor: %s.".formatted(reason),
            "Give next_cursor of the page before unchanged, or start again without a cursor.")
        .at("cursor");
  }

  /** A cursor of another question. */
  public static Problem foreignCursor() {
    return Problem.of(
            400,
            "foreign_cursor",
            "Cursor of another search",
            "The cursor belongs to a search with other filters, another range or another order.",
            "Keep all parameters but limit and cursor while paging, or start again without a cursor.")
        .at("cursor");
  }

  // --- Bodies

  /** The body's type is not one of ours. */
  public static Problem unsupportedMediaType(@Nullable String contentType) {
    return Problem.of(
            415,
            "unsupported_media_type",
            "Unsupported media type",
            contentType == null
                ? "The request has no Content-Type."
                : "Unsupported Content-Type: %s.".formatted(shown(contentType)),
            "Send one object or an array as application/json, or one object a line as"
                + " application/x-ndjson, in UTF-8.")
        .at("Content-Type");
  }

  /** The body's encoding is not one of ours. */
  public static Problem unsupportedEncoding(String contentEncoding) {
    return Problem.of(
            415,
            "unsupported_encoding",
            "Unsupported content encoding",
            "Unsupported Content-Encoding: %s.".formatted(shown(contentEncoding)),
            "Send the body as it is, or with Content-Encoding: gzip.")
        .at("Content-Encoding");
  }

  /** The body is larger than allowed. */
  public static Problem bodyTooLarge(long maxBytes) {
    return Problem.of(
        413,
        "body_too_large",
        "Body too large",
        "The body has more than %d bytes (after inflation).".formatted(maxBytes),
        "Send the events in several requests; nothing of this one was stored.");
  }

  /** The body holds more events than allowed. */
  public static Problem tooManyEvents(int maxEvents) {
    return Problem.of(
        413,
        "too_many_events",
        "Too many events",
        "The body has more than %d events.".formatted(maxEvents),
        "Send the events in several requests; nothing of this one was stored.");
  }

  /** There is no event in the body. */
  public static Problem emptyBody() {
    return Problem.of(
        400,
        "empty_body",
        "Empty body",
        "The body holds no event.",
        "Send one JSON object, an array of objects, or one object a line.");
  }

  /** Where one event ends and the next begins can't be told. */
  public static Problem malformedBody(String reason) {
    return Problem.of(
        400,
        "malformed_body",
        "Malformed body",
        "Cannot split the body into events: %s.".formatted(reason),
        "Send one JSON object, an array of objects (application/json), or one object a line"
            + " (application/x-ndjson); nothing of this request was stored.");
  }

  /** The body can't be inflated. */
  public static Problem malformedGzip(String reason) {
    return Problem.of(
        400,
        "malformed_gzip",
        "Malformed gzip",
        "Cannot inflate the body: %s.".formatted(reason),
        "Send a whole gzip stream; nothing of this request was stored.");
  }

  /** The connection ended or stalled before the body did. */
  public static Problem incompleteBody() {
    return Problem.of(
        400,
        "incomplete_body",
        "Incomplete body",
        "The body ended before its announced end, or stalled.",
        "Send the request again; nothing of it was stored.");
  }

  /** The key to derive ids from breaks its rule. */
  public static Problem invalidIdempotencyKey(String rule) {
    return Problem.of(
            400,
            "invalid_idempotency_key",
            "Invalid Idempotency-Key",
            "Invalid Idempotency-Key (%s).".formatted(rule),
            "Give one key, for example a UUID, and the same one when you retry the request.")
        .at("Idempotency-Key");
  }

  // --- Waiting and failing

  /** All that may be held at once is held. */
  public static Problem overloaded(String reason) {
    return Problem.of(
            429,
            "overloaded",
            "Too many requests at once",
            "Cannot take the events now: %s.".formatted(reason),
            "Send the request again after Retry-After seconds; nothing of it was stored.")
        .retryAfter(1);
  }

  /** Kafka did not acknowledge. */
  public static Problem kafkaUnavailable(
      String reason, int acknowledged, int unknown, List<String> eventIds, RetrySafety safety) {
    String stored =
        acknowledged == 0 && unknown == 0
            ? "None of them was stored"
            : "%d of %d were stored for certain, %d may have been"
                .formatted(acknowledged, eventIds.size(), unknown);
    String remedy =
        switch (safety) {
          case SAME_IDS ->
              "Send the same request again: its events keep their ids, so that none counts twice.";
          case NEW_IDS ->
              acknowledged == 0 && unknown == 0
                  ? "Send the request again."
                  : "Send the events again with the ids of event_ids in them: events without an id"
                      + " would get new ones and could count twice. An Idempotency-Key avoids this.";
        };
    return Problem.of(
            503,
            "kafka_unavailable",
            "Kafka unavailable",
            "Cannot store the events: %s. %s.".formatted(reason, stored),
            remedy)
        .retryAfter(5)
        .with(Map.of("acknowledged", acknowledged, "unknown", unknown, "event_ids", eventIds));
  }

  /** Whether the same request, sent again, carries the same ids. */
  public enum RetrySafety {
    SAME_IDS,
    NEW_IDS
  }

  /** The source of answers does not answer. */
  public static Problem queryUnavailable(QueryUnavailableException unavailable) {
    return Problem.of(
            503,
            "query_unavailable",
            "Queries unavailable",
            "Cannot query the %s: %s.".formatted(unavailable.source(), unavailable.reason()),
            unavailable.remedy())
        .retryAfter(5);
  }

  /** No event has this id. */
  public static Problem eventNotFound(String eventId) {
    return Problem.of(
        404,
        "event_not_found",
        "Event not found",
        "No event has the id %s.".formatted(shown(eventId)),
        "Check the id; an event just sent is found once complete_through of a count has passed"
            + " the time it was sent.");
  }

  /** A failure of ours, found in the log by its id. */
  public static Problem internal(String logId) {
    return Problem.of(
            500,
            "internal_error",
            "Internal error",
            "The request failed inside the API; the log has the reason under %s.".formatted(logId),
            "Tell the operator this log id: %s.".formatted(logId))
        .with(Map.of("log_id", logId));
  }

  /** What the layers below us answer with a bare status. */
  public static Problem ofStatus(int status, @Nullable String reason) {
    return switch (status) {
      case 404 ->
          Problem.of(
              404, "not_found", "Not found", "No such path.", "The paths are in /openapi.yaml.");
      case 405 ->
          Problem.of(
              405,
              "method_not_allowed",
              "Method not allowed",
              "The path does not know this method.",
              SPECIFICATION);
      case 406 ->
          Problem.of(
              406,
              "not_acceptable",
              "Not acceptable",
              "The path has no answer of the type asked for.",
              "Accept application/json.");
      case 408 ->
          Problem.of(
              408,
              "request_timeout",
              "Request timeout",
              "The request did not arrive in time.",
              "Send the request again.");
      case 411, 413 ->
          Problem.of(
              status,
              "body_too_large",
              "Body too large",
              "The body is larger than allowed, or its length is not known.",
              "Send the events in several requests.");
      case 414 ->
          Problem.of(
              414,
              "uri_too_long",
              "URI too long",
              "The request's URI is longer than this server reads.",
              "Shorten the parameters.");
      case 415 -> unsupportedMediaType(null);
      case 431 ->
          Problem.of(
              431,
              "headers_too_large",
              "Headers too large",
              "The request's headers are larger than this server reads.",
              "Send fewer or shorter headers.");
      case 503 ->
          Problem.of(
                  503,
                  "unavailable",
                  "Unavailable",
                  "The API can't answer now; it may be stopping.",
                  "Send the request again after Retry-After seconds.")
              .retryAfter(2);
      default ->
          status >= 500
              ? Problem.of(
                  status,
                  "internal_error",
                  "Internal error",
                  "The request failed inside the API.",
                  "Tell the operator when it happened.")
              : Problem.of(
                  status,
                  "bad_request",
                  "Bad request",
                  "Cannot read the request: %s."
                      .formatted(reason == null ? "it breaks HTTP's rules" : shown(reason)),
                  reason != null && reason.startsWith("Ambiguous URI")
                      ? "Find an id with such characters by event_id of /v1/events/search."
                      : SPECIFICATION);
    };
  }

  /** As much of a client's text as fits a sentence, without control characters. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    int characters = 0;
    for (int at = 0; at < text.length() && characters < SHOWN_CHARACTERS; characters++) {
      int codePoint = text.codePointAt(at);
      shown.appendCodePoint(
          Character.isISOControl(codePoint) || (codePoint >= 0xD800 && codePoint <= 0xDFFF)
              ? 0xFFFD
              : codePoint);
      at += Character.charCount(codePoint);
      if (characters == SHOWN_CHARACTERS - 1 && at < text.length()) {
        shown.append('…');
      }
    }
    return shown.toString();
  }
}
