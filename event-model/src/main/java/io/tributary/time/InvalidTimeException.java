package io.tributary.time;

/** A text is not a time; the message says why and what to write instead. */
public final class InvalidTimeException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidTimeException(String message) {
    super(message);
  }
}
