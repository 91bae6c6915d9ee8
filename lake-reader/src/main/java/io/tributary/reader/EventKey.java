package io.tributary.reader;

import io.tributary.time.Timestamps;

/**
 * The identity of a stored event and what events are counted by.
 *
 * @param tsMicros the event's time in microseconds since the epoch, UTC
 */
public record EventKey(String eventId, String eventType, long tsMicros) {
  /** The UTC hour of the event: hours since the epoch. */
  public long hour() {
    return Math.floorDiv(tsMicros, Timestamps.MICROS_PER_DAY / 24);
  }
}
