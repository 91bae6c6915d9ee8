package io.tributary.produce;

import io.tributary.event.DeadLetterReason;
import io.tributary.event.Decoded;
import io.tributary.event.Event;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what has to become of records, by the decoder that all programs use and the rule of identity
 * (id, UTC day): the first is the row, an equal one a duplicate, another one a conflict. It knows
 * only what it was told, in the order in which records of one id arrive; a lake that already holds
 * some of the ids ends rows as duplicates. Keeps every identity in memory.
 */
public final class ExpectedEnds {
  private final EventDecoder decoder = new EventDecoder(List.of());
  private final Map<Identity, Long> digests = new HashMap<>();

  /** What becomes of the next record, with the event it is if it is one. */
  public ManifestEntry next(byte @Nullable [] value, Provenance provenance) {
    Decoded decoded = decoder.decode(value, provenance);
    if (decoded instanceof Decoded.Accepted accepted) {
      return accepted(accepted.event(), accepted.digest());
    }
    Decoded.Rejected rejected = (Decoded.Rejected) decoded;
    return new ManifestEntry(
        Expectation.deadLetter(rejected.reason(), rejected.eventId()), null, 0);
  }

  private ManifestEntry accepted(Event event, long digest) {
    Long known = digests.putIfAbsent(new Identity(event.eventId(), event.day()), digest);
    Expectation expectation;
    if (known == null) {
      expectation = Expectation.row(event.eventId());
    } else if (known == digest) {
      expectation = Expectation.duplicate(event.eventId());
    } else {
      expectation = Expectation.deadLetter(DeadLetterReason.ID_CONFLICT, event.eventId());
    }
    return new ManifestEntry(expectation, event, digest);
  }

  private record Identity(String eventId, LocalDate day) {}
}
