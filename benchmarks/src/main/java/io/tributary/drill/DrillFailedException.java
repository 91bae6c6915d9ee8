package io.tributary.drill;

/** The drill cannot be run, or something in it went wrong that is no finding. */
final class DrillFailedException extends Exception {
  private static final long serialVersionUID = 1;

  DrillFailedException(String message) {
    super(message);
  }

  DrillFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
