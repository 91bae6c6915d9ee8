package io.tributary.event;

import io.tributary.time.Timestamps;
import java.io.Serializable;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One valid event.
 *
 * @param tsMicros the event's time in microseconds since the epoch, UTC
 * @param params the canonical JSON text of an object, null when absent
 */
public record Event(
    String eventId,
    String eventType,
    long tsMicros,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String params)
    implements Serializable {

  /** The event's time as ISO-8601 in UTC, with six decimals and {@code Z}. */
  public String tsText() {
    return Timestamps.isoMicros(tsMicros);
  }

  /**
   * The event as canonical JSON, itself a valid event that decodes to this one. Absent fields are
   * left out; {@code ts} is {@link #tsText()}. This is what the digest is taken of.
   */
  public String canonicalJson() {
    return CanonicalJson.ofEvent(eventId, eventType, tsText(), userId, sessionId, params);
  }

  /** The first 63 bits of the SHA-256 of {@link #canonicalJson()} in UTF-8; never negative. */
  public long digest() {
    return Sha256.first63Bits(canonicalJson());
  }

  /** The UTC day of the event's time; together with the id it is the event's identity. */
  public LocalDate day() {
    return LocalDate.ofEpochDay(Math.floorDiv(tsMicros, Timestamps.MICROS_PER_DAY));
  }
}
