package io.tributary.lake.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code event_counts}.
 *
 * @param windowMicros start of the minute, microseconds since the epoch
 * @param dimensions values of the dimensions that are counted by besides, in their order; null for
 *     events without one
 * @param eventsVersion the version of {@code events} that was counted
 */
public record CountRow(
    long windowMicros,
    String eventType,
    List<@Nullable Object> dimensions,
    long count,
    long eventsVersion) {
  public CountRow {
    dimensions = Collections.unmodifiableList(new ArrayList<>(dimensions));
  }
}
