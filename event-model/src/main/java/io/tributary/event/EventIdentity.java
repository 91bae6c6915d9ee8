package io.tributary.event;

/** The ids of events that came without one: the same record always gets the same id. */
public final class EventIdentity {
  private EventIdentity() {}

  /**
   * {@code k-} and the first 16 bytes, in lower hexadecimal, of the SHA-256 of topic, partition,
   * offset and timestamp in milliseconds, each on a line. The timestamp is in it because offsets
   * begin anew when a topic is made again.
   */
  public static String ofKafka(Provenance.Kafka record) {
    return "k-"
        + Sha256.identity(
            record.topic()
                + '\n'
                + record.partition()
                + '\n'
                + record.offset()
                + '\n'
                + record.timestampMillis());
  }

  /**
   * {@code c-} and the first 16 bytes, in lower hexadecimal, of the SHA-256 of the canonical event
   * without its id; with a source id, of that, a line feed and the source id.
   *
   * @param sourceId empty when the source gives none
   */
  public static String ofContent(String canonicalWithoutId, String sourceId) {
    return "c-"
        + Sha256.identity(
            sourceId.isEmpty() ? canonicalWithoutId : canonicalWithoutId + '\n' + sourceId);
  }
}
