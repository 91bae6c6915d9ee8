package io.tributary.streaming;

/** A server that the job needs does not answer; trying again later may help. */
final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
