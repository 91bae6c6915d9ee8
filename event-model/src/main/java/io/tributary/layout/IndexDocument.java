package io.tributary.layout;

import io.tributary.event.CanonicalJson;
import io.tributary.event.DigestParts;
import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.time.Timestamps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The document of an event in the index.
 *
 * <p>{@code params} is put in as the text it is, so that {@code _source} gives back every number as
 * it was received. A field that is null is left out.
 */
public final class IndexDocument {
  private IndexDocument() {}

  /**
   * The document as JSON text on one line.
   *
   * @param fields the typed fields, in the order of their values
   * @param kafka the record that the event was taken from; null for an imported event
   */
  public static String json(
      Event event,
      long digest,
      List<TypedField> fields,
      @Nullable Object[] typedValues,
      Provenance.@Nullable Kafka kafka) {
    String params = event.params();
    StringBuilder out = new StringBuilder(384 + (params == null ? 0 : params.length()));
    out.append("{\"event_id\":");
    CanonicalJson.appendString(out, event.eventId());
    out.append(",\"event_type\":");
    CanonicalJson.appendString(out, event.eventType());
    out.append(",\"ts\":\"").append(event.tsText()).append('"');
    out.append(",\"ts_micros\":").append(event.tsMicros());
    appendText(out, "user_id", event.userId());
    appendText(out, "session_id", event.sessionId());
    if (params != null) {
      out.append(",\"params\":").append(params);
    }
    for (int i = 0; i < typedValues.length; i++) {
      Object value = typedValues[i];
      if (value != null) {
        TypedField field = fields.get(i);
        out.append(",\"").append(field.name()).append("\":");
        appendTyped(out, field, value);
      }
    }
    DigestParts parts = DigestParts.of(digest);
    out.append(",\"d0\":").append(parts.d0());
    out.append(",\"d1\":").append(parts.d1());
    out.append(",\"d2\":").append(parts.d2());
    if (kafka != null) {
      appendRecord(out, kafka);
    }
    return out.append('}').toString();
  }

  private static void appendRecord(StringBuilder out, Provenance.Kafka kafka) {
    appendText(out, "kafka_topic", kafka.topic());
    out.append(",\"kafka_partition\":").append(kafka.partition());
    out.append(",\"kafka_offset\":").append(kafka.offset());
    if (kafka.timestampMillis() >= 0 && kafka.timestampMillis() <= Timestamps.LATEST / 1_000) {
      out.append(",\"kafka_ts\":\"")
          .append(Timestamps.isoMicros(kafka.timestampMillis() * 1_000))
          .append('"');
    }
  }

  private static void appendText(StringBuilder out, String name, @Nullable String text) {
    if (text != null) {
      out.append(",\"").append(name).append("\":");
      CanonicalJson.appendString(out, text);
    }
  }

  private static void appendTyped(StringBuilder out, TypedField field, Object value) {
    switch (field.type()) {
      case STRING -> CanonicalJson.appendString(out, (String) value);
      case LONG, DOUBLE, BOOLEAN -> out.append(value);
      case TIMESTAMP -> out.append('"').append(Timestamps.isoMicros((Long) value)).append('"');
      case GEO_POINT -> {
        GeoPoint place = (GeoPoint) value;
        out.append("{\"lat\":").append(place.lat());
        out.append(",\"lon\":").append(place.lon()).append('}');
      }
    }
  }
}
