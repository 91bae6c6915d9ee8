package io.tributary.api.collect;

import io.tributary.event.Event;

/** Gives ids to the events of one request that come without. */
interface EventIds {
  /**
   * The id of an event without one.
   *
   * @param position the 0-based position of the event in its request
   * @param event decoded with {@link #PLACEHOLDER} as its id
   */
  String assign(int position, Event event);

  /** Whether the same request, sent again, gets the same ids. */
  boolean repeatable();

  /** The id that an event is decoded with before it has its own; none that a client could give. */
  String PLACEHOLDER = "\u0000";
}
