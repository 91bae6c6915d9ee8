package io.tributary.drill;

import io.tributary.produce.ManifestEntry;

/**
 * A record that Kafka has acknowledged, and what has to become of it.
 *
 * @param place what all tables name
 * @param millis its Kafka timestamp
 */
record SentRecord(Place place, long millis, ManifestEntry entry) {
  /**
   * Coordinates in the one topic of the drill.
   *
   * @param generation how often the topic had been made again before
   */
  record Place(int generation, int partition, long offset) {
    @Override
    public String toString() {
      return generation == 0
          ? partition + ":" + offset
          : "%d:%d of topic %d".formatted(partition, offset, generation + 1);
    }
  }
}
