package io.tributary.query;

/** A number of events and what it was taken from. */
public record Counted(long count, SourceMeta meta) {}
