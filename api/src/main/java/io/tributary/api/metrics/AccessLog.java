package io.tributary.api.metrics;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.request.logging.RequestLogFactory;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, under the logger {@code access}: client, method, path and query as received,
 * status, bytes of the answer, milliseconds. Dropwizard's own drops requests whose query can't be
 * decoded, which are the ones to look for.
 */
@JsonTypeName("access")
public final class AccessLog implements RequestLogFactory<RequestLog>, RequestLog {
  private static final Logger log = LoggerFactory.getLogger("access");

  @Override
  public boolean isEnabled() {
    return log.isInfoEnabled();
  }

  @Override
  public RequestLog build(String name) {
    return this;
  }

  @Override
  public void log(Request request, Response response) {
    if (response.getStatus() == 200 && isProbe(request.getHttpURI().getPath())) {
      return;
    }
    log.info(
        "{} {} {} {} {} bytes {} ms",
        Request.getRemoteAddr(request),
        request.getMethod(),
        request.getHttpURI().getPathQuery(),
        response.getStatus(),
        Response.getContentBytesWritten(response),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.getBeginNanoTime()));
  }

  /**
   * Asked every few seconds by machines; worth a line only when the answer is not the usual one.
   */
  private static boolean isProbe(@Nullable String path) {
    return path != null && (path.startsWith("/healthcheck") || path.equals("/metrics"));
  }
}
