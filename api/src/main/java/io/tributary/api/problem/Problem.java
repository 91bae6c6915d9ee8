package io.tributary.api.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failed request as its client is told (RFC 9457).
 *
 * @param code stable, for programs; lower snake case
 * @param title the same for every problem of a code
 * @param detail what is wrong here, a sentence
 * @param remedy what to do, a sentence
 * @param parameter the query parameter or header at fault, null when none is
 * @param retryAfterSeconds when it is worth asking again, null when it is not
 * @param extensions further members of the body
 */
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    String remedy,
    @Nullable String parameter,
    @Nullable Integer retryAfterSeconds,
    Map<String, Object> extensions) {
  /** Copies the extensions. */
  public Problem {
    extensions = Map.copyOf(extensions);
  }

  static Problem of(int status, String code, String title, String detail, String remedy) {
    return new Problem(status, code, title, detail, remedy, null, null, Map.of());
  }

  Problem at(String faultyParameter) {
    return new Problem(
        status, code, title, detail, remedy, faultyParameter, retryAfterSeconds, extensions);
  }

  Problem retryAfter(int seconds) {
    return new Problem(status, code, title, detail, remedy, parameter, seconds, extensions);
  }

  Problem with(Map<String, Object> more) {
    return new Problem(status, code, title, detail, remedy, parameter, retryAfterSeconds, more);
  }

  /** The members of the problem document, in their order. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "urn:tributary:problem:" + code);
    members.put("title", title);
    members.put("status", status);
    members.put("detail", detail);
    members.put("code", code);
    members.put("remedy", remedy);
    if (parameter != null) {
      members.put("parameter", parameter);
    }
    members.putAll(extensions);
    return members;
  }
}
