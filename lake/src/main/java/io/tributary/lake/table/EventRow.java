package io.tributary.lake.table;

import io.tributary.event.Decoded;
import io.tributary.event.Event;
import io.tributary.event.Provenance;
import org.jspecify.annotations.Nullable;

/**
 * What a row of {@code events} is made of.
 *
 * @param kafka the record; null for an imported event
 */
public record EventRow(Provenance.@Nullable Kafka kafka, Decoded.Accepted accepted) {
  Event event() {
    return accepted.event();
  }
}
