package io.tributary.query;

import io.tributary.event.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was found.
 *
 * @param fields the typed fields by name: String, Long, Double, Boolean, Instant for a timestamp,
 *     GeoPoint; null when the event has none
 * @param kafka null when the event was imported
 */
public record StoredEvent(
    Event event, Map<String, @Nullable Object> fields, @Nullable KafkaPosition kafka) {}
