package io.tributary.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of events.
 *
 * @param total how many events match in all
 * @param next where the next page begins; null when this is the last
 */
public record EventPage(
    List<StoredEvent> events, long total, @Nullable EventPosition next, SourceMeta meta) {
  /** Copies the list. */
  public EventPage {
    events = List.copyOf(events);
  }
}
