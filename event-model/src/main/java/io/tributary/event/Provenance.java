package io.tributary.event;

import java.io.Serializable;

/** Where a record came from: all the decoder needs besides the bytes. */
public sealed interface Provenance extends Serializable {
  /**
   * The time the record was received, in milliseconds since the epoch; {@code ts} may lie at most
   * 24 hours after it. Negative when unknown.
   */
  long referenceMillis();

  /**
   * A record of a topic. An event without an id gets one from these coordinates.
   *
   * @param timestampMillis the record's timestamp, negative when it has none
   */
  record Kafka(String topic, int partition, long offset, long timestampMillis)
      implements Provenance {
    @Override
    public long referenceMillis() {
      return timestampMillis;
    }
  }

  /**
   * A line of an imported file. An event without an id gets one from its content and {@code
   * sourceId}.
   *
   * @param runStartMillis when the run began, fixed once and recorded, so that a retry decides
   *     alike
   * @param sourceId what tells two equal lines apart; empty if nothing does
   */
  record Import(long runStartMillis, String sourceId) implements Provenance {
    @Override
    public long referenceMillis() {
      return runStartMillis;
    }
  }

  /**
   * A request.
   *
   * @param assignedId the id of an event that has none
   */
  record Http(long receivedMillis, String assignedId) implements Provenance {
    @Override
    public long referenceMillis() {
      return receivedMillis;
    }
  }
}
