package io.tributary.query;

import io.tributary.time.TimeRange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant; all that is given must match, and a null matches any event.
 *
 * @param params path (split at {@code .}) to the text of the leaf there; an array matches if any
 *     element does
 */
public record EventFilter(
    TimeRange range,
    @Nullable String eventType,
    @Nullable String userId,
    @Nullable String sessionId,
    @Nullable String eventId,
    Map<String, String> params) {
  /** Copies the map. */
  public EventFilter {
    params = Map.copyOf(params);
  }

  /** All events of a range. */
  public static EventFilter all(TimeRange range) {
    return new EventFilter(range, null, null, null, null, Map.of());
  }
}
