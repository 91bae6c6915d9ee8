package io.tributary.lake.table;

import io.tributary.event.Decoded;
import io.tributary.event.Event;
import io.tributary.event.Provenance;

/** What a row of {@code events} is made of. */
public record EventRow(Provenance.Kafka kafka, Decoded.Accepted accepted) {
  Event event() {
    return accepted.event();
  }
}
