package io.tributary.event;

/** A text is not JSON that an event may hold; {@link #reason()} says which rule it breaks. */
public final class InvalidJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  InvalidJsonException(DeadLetterReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The first rule broken. */
  public DeadLetterReason reason() {
    return reason;
  }
}
