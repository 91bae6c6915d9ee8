package io.tributary.api.seed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.api.query.QueryParameters;
import io.tributary.query.EventCounts;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPage;
import io.tributary.query.EventPosition;
import io.tributary.query.EventSearch;
import io.tributary.query.PageRequest;
import io.tributary.query.PageRequest.Order;
import io.tributary.query.QueryUnavailableException;
import io.tributary.query.StoredEvent;
import io.tributary.time.TimeRange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two routes of the older service. Times are whole epoch seconds and both ends are included;
 * parameters it does not know are ignored, as they were.
 */
@Path("/getsocial/events")
@Produces(MediaType.APPLICATION_JSON)
public final class SeedResource {
  private static final String SUCCESS = "SUCCESS";
  private static final int MAX_EVENTS = 10_000;
  private static final int PAGE_EVENTS = 1_000;
  private static final long MAX_PARAMS_CHARACTERS = 33_554_432;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final String SECONDS_RULE = "whole epoch seconds, for example 1465484030";

  private final EventCounts counts;
  private final EventSearch search;
  private final Clock clock;

  /** Asks these; answers carry the clock's time. */
  public SeedResource(EventCounts counts, EventSearch search, Clock clock) {
    this.counts = counts;
    this.search = search;
    this.clock = clock;
  }

  /** How many events of a type there are from one second to another. */
  @GET
  @Path("/count")
  public CountBody count(@Context HttpServletRequest request) throws QueryUnavailableException {
    QueryParameters parameters = QueryParameters.parse(request.getQueryString());
    String eventType = parameters.single("event_type");
    if (eventType == null || eventType.isBlank()) {
      throw new ProblemException(
          Problems.missingParameter("event_type", "the type of the events to count"));
    }
    long count = counts.count(filter(range(parameters), eventType)).count();
    return new CountBody(count, SUCCESS, clock.millis());
  }

  /** The events from one second to another, of a type or of all. */
  @GET
  @Path("/getallevents")
  public EventsBody events(@Context HttpServletRequest request) throws QueryUnavailableException {
    QueryParameters parameters = QueryParameters.parse(request.getQueryString());
    String eventType = parameters.single("event_type");
    EventFilter filter =
        filter(range(parameters), eventType == null || eventType.isBlank() ? null : eventType);
    List<SeedEvent> events = new ArrayList<>();
    long characters = 0;
    EventPosition after = null;
    EventPage page;
    do {
      int limit = Math.min(PAGE_EVENTS, MAX_EVENTS - events.size());
      page = search.search(filter, new PageRequest(limit, Order.ASC, after));
      for (StoredEvent stored : page.events()) {
        SeedEvent event = SeedEvent.of(stored);
        characters += event.params().length();
        events.add(event);
      }
      after = page.next();
    } while (after != null && events.size() < MAX_EVENTS && characters < MAX_PARAMS_CHARACTERS);
    boolean cut = after != null;
    return new EventsBody(
        events, SUCCESS, clock.millis(), cut ? Boolean.TRUE : null, cut ? page.total() : null);
  }

  private static EventFilter filter(TimeRange range, @Nullable String eventType) {
    return new EventFilter(range, eventType, null, null, null, Map.of());
  }

  /** Whole seconds with both ends included are the half-open range up to the second after. */
  private static TimeRange range(QueryParameters parameters) {
    long start = seconds(parameters, "start_time");
    long end = seconds(parameters, "end_time");
    if (start > end) {
      throw new ProblemException(Problems.reversedRange("start_time", "end_time"));
    }
    return new TimeRange(start * MICROS_PER_SECOND, (end + 1) * MICROS_PER_SECOND);
  }

  private static long seconds(QueryParameters parameters, String name) {
    String text = parameters.single(name);
    if (text == null || text.isBlank()) {
      throw new ProblemException(Problems.missingParameter(name, SECONDS_RULE));
    }
    if (!text.matches("-?[0-9]{1,12}")) {
      throw new ProblemException(Problems.invalidParameter(name, text, SECONDS_RULE));
    }
    return Long.parseLong(text);
  }

  /** The answer of a count. */
  record CountBody(
      @JsonProperty("result") long result,
      @JsonProperty("status") String status,
      @JsonProperty("timeStamp") long timeStamp) {}

  /**
   * The answer of a search.
   *
   * @param truncated true when there are more, else null
   * @param total how many there are in all when truncated, else null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EventsBody(
      @JsonProperty("result") List<SeedEvent> result,
      @JsonProperty("status") String status,
      @JsonProperty("timeStamp") long timeStamp,
      @JsonProperty("truncated") @Nullable Boolean truncated,
      @JsonProperty("total") @Nullable Long total) {}

  /** An event in the older shape; one without params has empty ones, as clients expect. */
  record SeedEvent(
      @JsonProperty("event_type") String eventType,
      @JsonProperty("id") String id,
      @JsonProperty("params") @JsonRawValue String params,
      @JsonProperty("ts") long ts) {
    static SeedEvent of(StoredEvent stored) {
      String params = stored.event().params();
      return new SeedEvent(
          stored.event().eventType(),
          stored.event().eventId(),
          params == null ? "{}" : params,
          Math.floorDiv(stored.event().tsMicros(), MICROS_PER_SECOND));
    }
  }
}
