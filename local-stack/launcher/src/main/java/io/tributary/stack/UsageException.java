package io.tributary.stack;

import java.io.Serial;

/** The command line or the environment asks for something that cannot be meant. */
final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
