package io.tributary.event;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What became of one record: an event, or a reason why it is none. */
public sealed interface Decoded extends Serializable {
  /**
   * A valid event.
   *
   * @param digest {@link Event#digest()}
   * @param typedValues one per configured field in the same order, null when absent or misfit; by
   *     {@link TypedField.Type}: String, Long, Double, Boolean, Long (microseconds since the
   *     epoch), {@link GeoPoint}
   * @param misfits how many values were there and did not fit their type
   */
  @SuppressWarnings("ArrayRecordComponent") // One array per event on the hot path, never compared.
  record Accepted(Event event, long digest, @Nullable Object[] typedValues, int misfits)
      implements Decoded {}

  /**
   * A dead letter.
   *
   * @param detail a sentence for people, without any of the payload
   * @param eventId the event's own id as far as it could be read, else null
   */
  record Rejected(DeadLetterReason reason, String detail, @Nullable String eventId)
      implements Decoded {}
}
