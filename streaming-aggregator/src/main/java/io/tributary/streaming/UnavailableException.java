package io.tributary.streaming;

import java.io.IOException;

/** A server that the job needs does not answer, or not yet as it must; later it may. */
final class UnavailableException extends IOException {
  private static final long serialVersionUID = 1;

  UnavailableException(String message) {
    super(message);
  }

  UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
