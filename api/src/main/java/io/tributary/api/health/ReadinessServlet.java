package io.tributary.api.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.api.health.Readiness.Report;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** 200 when everything can be done, else 503; the body says what can. */
public final class ReadinessServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient Readiness readiness;
  private final transient ObjectMapper json;

  /** Asks at every request. */
  public ReadinessServlet(Readiness readiness, ObjectMapper json) {
    this.readiness = readiness;
    this.json = json;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Report report = readiness.ask();
    response.setStatus(report.ready() ? 200 : 503);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(json.writeValueAsBytes(report));
  }
}
