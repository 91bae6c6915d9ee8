package io.tributary.lake.table;

import io.tributary.event.Provenance;

/** A record that repeats an event which is already a row. */
public record Duplicate(String eventId, Provenance.Kafka kafka) {}
