package io.tributary.produce;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records could not be sent. The message says which, why and what to do. */
public final class ProduceFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private ProduceFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static ProduceFailedException kafka(String servers, String topic, Throwable cause) {
    return new ProduceFailedException(
        "Cannot send to topic %s at %s: %s. Check that Kafka runs there (scripts/local-stack status) and that the topic takes records of this size."
            .formatted(topic, servers, reason(cause)),
        cause);
  }

  static ProduceFailedException api(String url, String reason) {
    return new ProduceFailedException(
        "Cannot post events to %s: %s. Check that the API runs there and answers /healthcheck/ready."
            .formatted(url, reason),
        null);
  }

  static ProduceFailedException file(String file, Throwable cause) {
    return new ProduceFailedException(
        "Cannot read events from %s: %s. Give a file of one JSON object a line, gzipped when its name ends with .gz."
            .formatted(file, reason(cause)),
        cause);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof java.nio.file.NoSuchFileException) {
      return "there is no such file";
    }
    String message = cause.getMessage();
    String text = message == null ? cause.getClass().getSimpleName() : message.strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
