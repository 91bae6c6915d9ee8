package io.tributary.drill;

import io.tributary.produce.ManifestEntry;

/**
 * A record that Kafka has acknowledged, and what has to become of it.
 *
 * @param millis its Kafka timestamp
 */
record SentRecord(int partition, long offset, long millis, ManifestEntry entry) {
  /** Where it is: what all tables name. */
  Place place() {
    return new Place(partition, offset);
  }

  /** Coordinates in the one topic of the drill. */
  record Place(int partition, long offset) {
    @Override
    public String toString() {
      return partition + ":" + offset;
    }
  }
}
