package io.tributary.api.collect;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How events lie in a body. */
enum BodyFormat {
  /** One object, or an array of objects. */
  JSON,
  /** One object a line. */
  LINES;

  /** Throws when the header names neither, or a character set other than UTF-8. */
  static BodyFormat of(@Nullable String contentType) {
    if (contentType == null) {
      throw new ProblemException(Problems.unsupportedMediaType(null));
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    for (int part = 1; part < parts.length; part++) {
      String parameter = parts[part].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        throw new ProblemException(Problems.unsupportedMediaType(contentType));
      }
    }
    return switch (parts[0].strip()) {
      case "application/json" -> JSON;
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> LINES;
      default -> throw new ProblemException(Problems.unsupportedMediaType(contentType));
    };
  }
}
