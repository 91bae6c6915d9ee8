package io.tributary.backfill;

/** A job was told to stop and has; the message says where it may go on. */
final class StoppedException extends Exception {
  private static final long serialVersionUID = 1;

  StoppedException(String message) {
    super(message);
  }
}
