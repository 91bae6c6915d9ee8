package io.tributary.smoke;

import io.tributary.produce.Expectation.End;
import io.tributary.produce.Manifest;
import io.tributary.reader.EventKey;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The events of a manifest that have to be found: everything but dead letters. */
record SentEvents(List<EventKey> keys) {
  private static final long MICROS_PER_HOUR = 3_600_000_000L;

  SentEvents {
    keys = List.copyOf(keys);
  }

  /** Reads a manifest. */
  static SentEvents of(Path manifest) throws IOException {
    List<EventKey> keys = new ArrayList<>();
    Manifest.read(
        manifest,
        line -> {
          String id = line.eventId();
          String type = line.eventType();
          if (line.end() != End.DEAD_LETTER && id != null && type != null) {
            keys.add(new EventKey(id, type, line.tsMicros()));
          }
        });
    return new SentEvents(keys);
  }

  /** The whole hours that hold them all; empty when there are none. */
  TimeRange range() {
    if (keys.isEmpty()) {
      return new TimeRange(0, 0);
    }
    long first = keys.stream().mapToLong(EventKey::hour).min().orElseThrow();
    long last = keys.stream().mapToLong(EventKey::hour).max().orElseThrow();
    return new TimeRange(first * MICROS_PER_HOUR, (last + 1) * MICROS_PER_HOUR);
  }
}
