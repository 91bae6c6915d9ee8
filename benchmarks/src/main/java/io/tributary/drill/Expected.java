package io.tributary.drill;

import io.tributary.drill.SentRecord.Place;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Event;
import io.tributary.time.Timestamps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What has to be where when all that was sent is done.
 *
 * @param rows by place, each as the identity with its content
 * @param duplicates ids by place
 * @param letters reasons by place
 * @param documents content by identity
 * @param counts events by minute and type, {@code MINUTE TYPE}
 */
record Expected(
    Map<Place, String> rows,
    Map<Place, String> duplicates,
    Map<Place, String> letters,
    Map<String, String> documents,
    Map<String, Long> counts) {
  private static final long MICROS_PER_MINUTE = 60_000_000L;

  static Expected of(List<SentRecord> sent) {
    Expected expected =
        new Expected(
            new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new TreeMap<>());
    sent.forEach(expected::add);
    return expected;
  }

  private void add(SentRecord record) {
    Event event = record.entry().event();
    switch (record.entry().expectation().end()) {
      case ROW -> {
        if (event == null) {
          throw new IllegalStateException("A row without an event: " + record.place());
        }
        String identity = identity(event.eventId(), event.tsMicros());
        String content = content(event.eventType(), event.tsMicros(), record.entry().digest());
        rows.put(record.place(), identity + " " + content);
        documents.put(identity, content);
        counts.merge(slice(event.tsMicros(), event.eventType()), 1L, Long::sum);
      }
      case DUPLICATE ->
          duplicates.put(record.place(), String.valueOf(record.entry().expectation().eventId()));
      case DEAD_LETTER -> {
        DeadLetterReason reason = record.entry().expectation().reason();
        letters.put(record.place(), reason == null ? "" : reason.code());
      }
    }
  }

  /** An identity as text: the id and the UTC day, in days since the epoch. */
  static String identity(String eventId, long tsMicros) {
    return eventId + "@" + Math.floorDiv(tsMicros, Timestamps.MICROS_PER_DAY);
  }

  /** The content of an event as text. */
  static String content(String type, long tsMicros, long digest) {
    return type + " " + tsMicros + " " + digest;
  }

  /** A minute and a type as text. */
  static String slice(long tsMicros, String type) {
    return Math.floorDiv(tsMicros, MICROS_PER_MINUTE) + " " + type;
  }
}
