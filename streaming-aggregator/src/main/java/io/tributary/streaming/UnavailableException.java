package io.tributary.streaming;

import java.io.IOException;

/** A server that the job needs does not answer; trying again later may help. */
final class UnavailableException extends IOException {
  private static final long serialVersionUID = 1;

  UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
