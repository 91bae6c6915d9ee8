package io.tributary.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a problem in the shape that the path's clients know. */
public final class ProblemWriter {
  /** The path below which errors have the older service's shape. */
  public static final String SEED_PATH = "/getsocial/";

  private final ObjectMapper json;
  private final Clock clock;

  /** Writes by this mapper; the seed shape carries the clock's time. */
  public ProblemWriter(ObjectMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /** What {@code Content-Type} the body of {@link #body} has. */
  public String contentType(String path) {
    return isSeed(path) ? "application/json" : "application/problem+json";
  }

  /** The body, UTF-8. */
  public byte[] body(Problem problem, String path) {
    try {
      return json.writeValueAsString(isSeed(path) ? seedMembers(problem) : problem.members())
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Cannot write a problem of strings and numbers", impossible);
    }
  }

  private Map<String, Object> seedMembers(Problem problem) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("status", "FAILURE");
    members.put("timeStamp", clock.millis());
    members.put("reason", problem.detail() + " " + problem.remedy());
    return members;
  }

  private static boolean isSeed(String path) {
    return path.startsWith(SEED_PATH);
  }
}
