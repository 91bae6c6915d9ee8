package io.tributary.api.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.tributary.event.GeoPoint;
import io.tributary.query.KafkaPosition;
import io.tributary.query.StoredEvent;
import io.tributary.time.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as clients see it.
 *
 * @param params canonical JSON, written as it is
 */
record EventBody(
    @JsonProperty("event_id") String eventId,
    @JsonProperty("event_type") String eventType,
    @JsonProperty("ts") String ts,
    @JsonProperty("user_id") @Nullable String userId,
    @JsonProperty("session_id") @Nullable String sessionId,
    @JsonProperty("params") @JsonRawValue @Nullable String params,
    @JsonProperty("fields") Map<String, @Nullable Object> fields,
    @JsonProperty("kafka") @Nullable KafkaBody kafka) {
  static EventBody of(StoredEvent stored) {
    return new EventBody(
        stored.event().eventId(),
        stored.event().eventType(),
        stored.event().tsText(),
        stored.event().userId(),
        stored.event().sessionId(),
        stored.event().params(),
        fields(stored.fields()),
        stored.kafka() == null ? null : KafkaBody.of(stored.kafka()));
  }

  private static Map<String, @Nullable Object> fields(Map<String, @Nullable Object> stored) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    stored.forEach((name, value) -> fields.put(name, field(value)));
    return fields;
  }

  private static @Nullable Object field(@Nullable Object value) {
    if (value instanceof Instant time) {
      return Timestamps.isoMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }
    if (value instanceof GeoPoint place) {
      // In this order always; a Map.of has another one in every process.
      Map<String, Object> coordinates = new LinkedHashMap<>();
      coordinates.put("lat", place.lat());
      coordinates.put("lon", place.lon());
      return coordinates;
    }
    return value;
  }

  /** The record that the event was taken from. */
  record KafkaBody(
      @JsonProperty("topic") String topic,
      @JsonProperty("partition") int partition,
      @JsonProperty("offset") long offset,
      @JsonProperty("ts") String ts) {
    static KafkaBody of(KafkaPosition position) {
      return new KafkaBody(
          position.topic(), position.partition(), position.offset(), position.ts().toString());
    }
  }
}
