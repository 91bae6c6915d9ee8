package io.tributary.stack;

import java.io.Serial;

/** The local stack cannot do what it was asked to; the message names problem, cause and remedy. */
public final class StackException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  StackException(String message) {
    super(message);
  }

  StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
