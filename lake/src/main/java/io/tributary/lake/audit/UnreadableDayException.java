package io.tributary.lake.audit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Elasticsearch answers, but not for the index of a day: it says nothing of other days. */
final class UnreadableDayException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  UnreadableDayException(String message, IOException cause) {
    super(message, cause);
  }
}
