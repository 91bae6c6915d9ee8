package io.tributary.api.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import org.glassfish.jersey.server.ExtendedUriInfo;

/** Times every request by method, route and status; routes, not paths, so that labels stay few. */
@PreMatching
public final class RequestMetrics implements ContainerRequestFilter, ContainerResponseFilter {
  private static final String STARTED = RequestMetrics.class.getName() + ".started";

  private final Histogram seconds;

  /** Registers the metric. */
  public RequestMetrics(PrometheusRegistry registry) {
    this.seconds =
        Histogram.builder()
            .name("tributary_http_request_seconds")
            .help("Requests by method, route and status")
            .unit(Unit.SECONDS)
            .labelNames("method", "route", "status")
            .classicOnly()
            .register(registry);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    request.setProperty(STARTED, System.nanoTime());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(STARTED) instanceof Long started) {
      seconds
          .labelValues(request.getMethod(), route(request), Integer.toString(response.getStatus()))
          .observe(Unit.nanosToSeconds(System.nanoTime() - started));
    }
  }

  private static String route(ContainerRequestContext request) {
    if (!(request.getUriInfo() instanceof ExtendedUriInfo uri)
        || uri.getMatchedTemplates().isEmpty()) {
      return "none";
    }
    // The innermost template comes first.
    return uri.getMatchedTemplates().stream()
        .map(template -> template.getTemplate())
        .reduce("", (inner, outer) -> outer + inner)
        .replaceAll("//+", "/")
        .transform(joined -> joined.isEmpty() ? "none" : joined);
  }
}
