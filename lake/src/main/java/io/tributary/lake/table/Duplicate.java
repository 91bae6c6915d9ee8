package io.tributary.lake.table;

import io.tributary.event.Provenance;
import org.jspecify.annotations.Nullable;

/**
 * A record, or a line of an imported file, that repeats an event which is already a row.
 *
 * @param kafka the record; null for a line
 * @param source the line; null for a record
 */
public record Duplicate(
    String eventId, Provenance.@Nullable Kafka kafka, @Nullable SourceLine source) {

  /** The duplicate of a record. */
  public Duplicate(String eventId, Provenance.Kafka kafka) {
    this(eventId, kafka, null);
  }
}
