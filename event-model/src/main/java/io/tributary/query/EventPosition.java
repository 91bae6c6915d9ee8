package io.tributary.query;

/** The place of an event in the order of a search; what a cursor holds. */
public record EventPosition(long tsMicros, String eventId) {}
