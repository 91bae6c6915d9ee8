package io.tributary.event;

/** The ids of events that came without one: the same record always gets the same id. */
public final class EventIdentity {
  private EventIdentity() {}

  /** {@code k-} and the hash of the record's coordinates. */
  public static String ofKafka(Provenance.Kafka record) {
    throw new UnsupportedOperationException();
  }

  /** {@code c-} and the hash of the canonical event without its id, and of its source id. */
  public static String ofContent(String canonicalWithoutId, String sourceId) {
    throw new UnsupportedOperationException();
  }
}
