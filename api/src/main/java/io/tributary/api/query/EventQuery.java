package io.tributary.api.query;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.query.EventFilter;
import io.tributary.query.PageRequest;
import io.tributary.query.PageRequest.Order;
import io.tributary.time.InvalidTimeException;
import io.tributary.time.QueryTime;
import io.tributary.time.TimeRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a query asks for, and refuses whatever it does not understand. */
final class EventQuery {
  static final int MAX_LIMIT = 1_000;
  static final int DEFAULT_LIMIT = 100;

  private static final String PARAMS_PREFIX = "params.";
  private static final Set<String> FILTER_NAMES =
      Set.of("start", "end", "event_type", "user_id", "session_id", "event_id");
  private static final Set<String> PAGE_NAMES = Set.of("limit", "cursor", "order");
  private static final String FILTER_NAMES_SHOWN =
      "start, end, event_type, user_id, session_id, event_id, params.<path>";
  private static final String TIME_RULE =
      "integer epoch seconds or milliseconds, or an ISO-8601 date and time";
  private static final int MAX_EVENT_ID_CODE_POINTS = 128;

  private EventQuery() {}

  /** Which events are meant. */
  static EventFilter filter(QueryParameters parameters) {
    checkNames(parameters, Set.of(), FILTER_NAMES_SHOWN);
    return readFilter(parameters);
  }

  /** Which events are meant, when the query may also say which page. */
  static EventFilter pagedFilter(QueryParameters parameters) {
    checkNames(parameters, PAGE_NAMES, FILTER_NAMES_SHOWN + ", limit, cursor, order");
    return readFilter(parameters);
  }

  /** Which page is meant. */
  static PageRequest page(QueryParameters parameters, EventFilter filter) {
    Order order = order(parameters.single("order"));
    int limit = limit(parameters.single("limit"));
    String cursor = parameters.single("cursor");
    return new PageRequest(
        limit, order, cursor == null ? null : Cursor.decode(cursor, filter, order));
  }

  /** A route without parameters. */
  static void none(QueryParameters parameters) {
    for (String name : parameters.names()) {
      throw new ProblemException(Problems.unknownParameter(name, "none on this path"));
    }
  }

  /** Throws when no event can have this id. */
  static String eventId(String name, String value) {
    if (value.isEmpty()
        || value.codePointCount(0, value.length()) > MAX_EVENT_ID_CODE_POINTS
        || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new ProblemException(
          Problems.invalidParameter(name, value, "1 to 128 characters without control characters"));
    }
    return value;
  }

  private static void checkNames(QueryParameters parameters, Set<String> more, String shown) {
    for (String name : parameters.names()) {
      boolean known =
          FILTER_NAMES.contains(name) || more.contains(name) || name.startsWith(PARAMS_PREFIX);
      if (!known) {
        throw new ProblemException(Problems.unknownParameter(name, shown));
      }
    }
  }

  private static EventFilter readFilter(QueryParameters parameters) {
    TimeRange range = range(parameters);
    String eventId = parameters.single("event_id");
    return new EventFilter(
        range,
        text(parameters, "event_type"),
        text(parameters, "user_id"),
        text(parameters, "session_id"),
        eventId == null ? null : eventId("event_id", eventId),
        params(parameters));
  }

  private static TimeRange range(QueryParameters parameters) {
    long start = time(parameters, "start");
    long end = time(parameters, "end");
    if (start > end) {
      throw new ProblemException(Problems.reversedRange("start", "end"));
    }
    return new TimeRange(start, end);
  }

  private static long time(QueryParameters parameters, String name) {
    String text = parameters.single(name);
    if (text == null) {
      throw new ProblemException(Problems.missingParameter(name, TIME_RULE));
    }
    try {
      return QueryTime.parseMicros(text);
    } catch (InvalidTimeException invalid) {
      throw new ProblemException(
          Problems.invalidParameterBecause(
              name,
              "Cannot read %s: %s".formatted(name, invalid.getMessage()),
              "Give %s as %s.".formatted(name, TIME_RULE)));
    }
  }

  private static @Nullable String text(QueryParameters parameters, String name) {
    String value = parameters.single(name);
    if (value != null && value.isEmpty()) {
      throw new ProblemException(
          Problems.invalidParameter(name, value, "a text that is not empty, or leave it out"));
    }
    return value;
  }

  private static Map<String, String> params(QueryParameters parameters) {
    Map<String, String> params = new LinkedHashMap<>();
    for (String name : parameters.names()) {
      String value = name.startsWith(PARAMS_PREFIX) ? parameters.single(name) : null;
      if (value != null) {
        String path = name.substring(PARAMS_PREFIX.length());
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
          throw new ProblemException(
              Problems.invalidParameterBecause(
                  PARAMS_PREFIX,
                  "Invalid parameter: params. without a path.",
                  "Name the member of params, for example params.platform=ios."));
        }
        params.put(path, value);
      }
    }
    return params;
  }

  private static Order order(@Nullable String text) {
    if (text == null) {
      return Order.DESC;
    }
    return switch (text) {
      case "asc" -> Order.ASC;
      case "desc" -> Order.DESC;
      default ->
          throw new ProblemException(Problems.invalidParameter("order", text, "asc or desc"));
    };
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = 0;
    if (text.matches("[0-9]{1,9}")) {
      limit = Integer.parseInt(text);
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ProblemException(
          Problems.invalidParameter("limit", text, "an integer from 1 to " + MAX_LIMIT));
    }
    return limit;
  }

  /** The filter as one text; two filters have the same only when they mean the same. */
  static String canonical(EventFilter filter, Order order) {
    List<String> parts = new ArrayList<>();
    parts.add(Long.toString(filter.range().startMicros()));
    parts.add(Long.toString(filter.range().endMicros()));
    parts.add(order.name());
    parts.add(part(filter.eventType()));
    parts.add(part(filter.userId()));
    parts.add(part(filter.sessionId()));
    parts.add(part(filter.eventId()));
    filter.params().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              parts.add(part(entry.getKey()));
              parts.add(part(entry.getValue()));
            });
    return String.join(",", parts);
  }

  private static String part(@Nullable String text) {
    return text == null ? "-" : text.length() + ":" + text;
  }
}
