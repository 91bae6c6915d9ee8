package io.tributary.query;

import java.util.Optional;

/** Finds events. */
public interface EventSearch {
  /** One page of the events that match, ordered by (ts, event id in code point order). */
  EventPage search(EventFilter filter, PageRequest page) throws QueryUnavailableException;

  /** The event of an id; the latest by {@code ts} when the id is on several days. */
  Optional<StoredEvent> byId(String eventId) throws QueryUnavailableException;
}
