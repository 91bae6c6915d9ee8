package io.tributary.api.collect;

import io.tributary.api.config.CollectConfiguration;
import io.tributary.api.metrics.CollectMetrics;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.event.EventDecoder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Collections;
import java.util.List;

/** Takes events in. */
@Path("/v1/events")
@Produces(MediaType.APPLICATION_JSON)
public final class CollectResource {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final EventCollector collector;
  private final BytesInFlight bytesInFlight;
  private final RequestBody requestBody;
  private final int maxEvents;
  private final EventIds timeOrderedIds = new TimeOrderedIds();

  /** Appends to the log what the decoder accepts. */
  public CollectResource(
      CollectConfiguration configuration,
      EventDecoder decoder,
      EventLog eventLog,
      Clock clock,
      CollectMetrics metrics) {
    this.collector = new EventCollector(decoder, eventLog, clock, metrics);
    this.bytesInFlight = new BytesInFlight(configuration.maxBytesInFlight().toBytes());
    this.requestBody = new RequestBody(configuration.maxBodyBytes().toBytes());
    this.maxEvents = configuration.maxEvents();
    metrics.observeBytesInFlight(bytesInFlight::held);
  }

  /** Answers once Kafka has acknowledged every accepted event. */
  @POST
  public Response collect(@Context HttpServletRequest request) {
    try {
      CollectedBody collected = collected(request);
      return Response.status(collected.accepted() > 0 ? 202 : 400).entity(collected).build();
    } catch (ProblemException refused) {
      UnreadBody.discard(request);
      throw refused;
    }
  }

  private CollectedBody collected(HttpServletRequest request) {
    if (request.getQueryString() != null && !request.getQueryString().isEmpty()) {
      throw new ProblemException(
          Problems.unknownParameter(request.getQueryString(), "none, all is in the body"));
    }
    BodyFormat format = BodyFormat.of(request.getContentType());
    EventIds ids = ids(request);
    try (BytesInFlight.Share share = bytesInFlight.open()) {
      byte[] body = requestBody.read(request, share);
      return collector.collect(EventFraming.split(body, format, maxEvents), ids);
    }
  }

  private EventIds ids(HttpServletRequest request) {
    List<String> keys = Collections.list(request.getHeaders(IDEMPOTENCY_KEY));
    if (keys.size() > 1) {
      throw new ProblemException(Problems.invalidIdempotencyKey("it is given more than once"));
    }
    return keys.isEmpty() ? timeOrderedIds : new DerivedIds(keys.get(0).strip());
  }
}
