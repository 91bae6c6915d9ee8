package io.tributary.api.problem;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what fails before or beside Jersey: a malformed request line, headers too large, a method
 * that a filter refuses, a server that is stopping. Never with a page, never with a trace.
 */
public final class ServerErrorHandler extends ErrorHandler {
  private final ProblemWriter writer;

  /** Answers in the writer's shapes. */
  public ServerErrorHandler(ProblemWriter writer) {
    this.writer = writer;
    setShowStacks(false);
    setShowCauses(false);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus() == 0 ? 500 : response.getStatus();
    Object cause = request.getAttribute(ERROR_EXCEPTION);
    if (cause instanceof HttpException http) {
      status = http.getCode();
    }
    String reason =
        cause instanceof HttpException http && http.getReason() != null ? http.getReason() : null;
    Problem problem = Problems.ofStatus(status, reason);
    String path = request.getHttpURI() == null ? "" : request.getHttpURI().getPath();
    path = path == null ? "" : path;
    byte[] body = writer.body(problem, path);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, writer.contentType(path));
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    if (problem.retryAfterSeconds() != null) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, problem.retryAfterSeconds());
    }
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
