package io.tributary.query;

/** Counts events. */
public interface EventCounts {
  /** How many events match. */
  Counted count(EventFilter filter) throws QueryUnavailableException;
}
