package io.tributary.api.query;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query string, decoded strictly: what is not well-formed UTF-8 under well-formed percent
 * encoding is refused, not guessed.
 */
public final class QueryParameters {
  private final Map<String, List<String>> values;

  private QueryParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Reads a raw query string; null is an empty one. */
  public static QueryParameters parse(@Nullable String rawQuery) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (rawQuery != null) {
      for (String pair : rawQuery.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = decode(equals < 0 ? pair : pair.substring(0, equals));
          String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
          values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
        }
      }
    }
    return new QueryParameters(values);
  }

  /** The names, in the order of the query. */
  public Iterable<String> names() {
    return values.keySet();
  }

  /** The value, null when absent; throws when there are several. */
  public @Nullable String single(String name) {
    List<String> given = values.get(name);
    if (given == null) {
      return null;
    }
    if (given.size() > 1) {
      throw new ProblemException(Problems.repeatedParameter(name));
    }
    return given.get(0);
  }

  private static String decode(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int at = 0;
    while (at < raw.length()) {
      int codePoint = raw.codePointAt(at);
      switch (codePoint) {
        case '+' -> bytes.write(' ');
        case '%' -> {
          bytes.write(percentDecoded(raw, at));
          at += 2;
        }
        default -> bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
      }
      at += Character.charCount(codePoint);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw new ProblemException(Problems.malformedQuery("it is not UTF-8"));
    }
  }

  private static int percentDecoded(String raw, int at) {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new ProblemException(
          Problems.malformedQuery("% is not followed by two hexadecimal digits"));
    }
    return high * 16 + low;
  }
}
