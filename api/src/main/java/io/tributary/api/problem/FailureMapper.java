package io.tributary.api.problem;

import io.tributary.query.QueryUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.UUID;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a resource or Jersey throws into a problem; logs what is our fault, once. */
public final class FailureMapper implements ExceptionMapper<Throwable> {
  private static final Logger log = LoggerFactory.getLogger(FailureMapper.class);

  private final ProblemWriter writer;

  @SuppressWarnings("NullAway.Init") // Set by Jersey.
  @Context
  private HttpServletRequest request;

  /** Answers in the writer's shapes. */
  public FailureMapper(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof WebApplicationException web
        && web.getResponse().getStatusInfo().getFamily() == Response.Status.Family.REDIRECTION) {
      return web.getResponse();
    }
    Problem problem = problem(failure);
    String path = request.getRequestURI();
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .header(HttpHeaders.CONTENT_TYPE, writer.contentType(path))
            .entity(writer.body(problem, path));
    if (problem.retryAfterSeconds() != null) {
      response.header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds());
    }
    if (failure instanceof WebApplicationException web) {
      String allow = web.getResponse().getHeaderString(HttpHeaders.ALLOW);
      if (allow != null) {
        response.header(HttpHeaders.ALLOW, allow);
      }
    }
    return response.build();
  }

  private Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      if (known.problem().status() >= 500) {
        log.warn("{}", known.problem().detail());
      }
      return known.problem();
    }
    if (failure instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
      return Problems.ofStatus(web.getResponse().getStatus(), web.getMessage());
    }
    if (failure instanceof QueryUnavailableException unavailable) {
      log.warn("{}", unavailable.getMessage());
      return Problems.queryUnavailable(unavailable);
    }
    if (failure instanceof EofException) {
      return Problems.incompleteBody();
    }
    String logId = UUID.randomUUID().toString();
    log.error(
        "Cannot answer {} {} [{}]", request.getMethod(), request.getRequestURI(), logId, failure);
    return Problems.internal(logId);
  }
}
