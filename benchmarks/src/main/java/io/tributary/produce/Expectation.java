package io.tributary.produce;

import io.tributary.event.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/**
 * What has to become of a record.
 *
 * @param end where it ends
 * @param reason why it is a dead letter, null for the other ends
 * @param eventId the id it carries, null when it gets one on the way or none can be read
 */
public record Expectation(End end, @Nullable DeadLetterReason reason, @Nullable String eventId) {
  /** The three ends of a record; there is no fourth. */
  public enum End {
    /** A row of {@code events} and a document. */
    ROW,
    /** A row of {@code duplicates}. */
    DUPLICATE,
    /** A row of {@code dead_letters}; sent by HTTP, a refusal in the answer. */
    DEAD_LETTER
  }

  /** A new event. */
  public static Expectation row(@Nullable String eventId) {
    return new Expectation(End.ROW, null, eventId);
  }

  /** An event that was sent before. */
  public static Expectation duplicate(String eventId) {
    return new Expectation(End.DUPLICATE, null, eventId);
  }

  /** No event, or one that contradicts an earlier one. */
  public static Expectation deadLetter(DeadLetterReason reason, @Nullable String eventId) {
    return new Expectation(End.DEAD_LETTER, reason, eventId);
  }
}
