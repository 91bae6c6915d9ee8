package io.tributary.api.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.query.Counted;
import io.tributary.query.EventCounts;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPage;
import io.tributary.query.EventSearch;
import io.tributary.query.PageRequest;
import io.tributary.query.QueryUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about events. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
public final class QueryResource {
  private final EventCounts counts;
  private final EventSearch search;

  /** Asks these. */
  public QueryResource(EventCounts counts, EventSearch search) {
    this.counts = counts;
    this.search = search;
  }

  /** How many events match. */
  @GET
  @Path("/count")
  public CountBody count(@Context HttpServletRequest request) throws QueryUnavailableException {
    long started = System.nanoTime();
    EventFilter filter = EventQuery.filter(QueryParameters.parse(request.getQueryString()));
    Counted counted = counts.count(filter);
    return new CountBody(counted.count(), MetaBody.of(counted.meta(), started));
  }

  /** One page of the events that match. */
  @GET
  @Path("/search")
  public SearchBody search(@Context HttpServletRequest request) throws QueryUnavailableException {
    long started = System.nanoTime();
    QueryParameters parameters = QueryParameters.parse(request.getQueryString());
    EventFilter filter = EventQuery.pagedFilter(parameters);
    PageRequest page = EventQuery.page(parameters, filter);
    EventPage found = search.search(filter, page);
    return new SearchBody(
        found.events().stream().map(EventBody::of).toList(),
        found.total(),
        found.next() == null ? null : Cursor.encode(found.next(), filter, page.order()),
        MetaBody.of(found.meta(), started));
  }

  /** One event. */
  @GET
  @Path("/{event_id}")
  public EventBody byId(@PathParam("event_id") String eventId, @Context HttpServletRequest request)
      throws QueryUnavailableException {
    EventQuery.none(QueryParameters.parse(request.getQueryString()));
    return search
        .byId(EventQuery.eventId("event_id", eventId))
        .map(EventBody::of)
        .orElseThrow(() -> new ProblemException(Problems.eventNotFound(eventId)));
  }

  /** The answer of a count. */
  record CountBody(@JsonProperty("count") long count, @JsonProperty("meta") MetaBody meta) {}

  /** The answer of a search. */
  record SearchBody(
      @JsonProperty("events") List<EventBody> events,
      @JsonProperty("total") long total,
      @JsonProperty("next_cursor") @Nullable String nextCursor,
      @JsonProperty("meta") MetaBody meta) {}
}
