package io.tributary.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A trace as one line of JSON for programs. */
final class TraceJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  private TraceJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(Trace trace) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      new TraceJson(json).write(trace);
    }
    return text.toString();
  }

  private void write(Trace trace) throws IOException {
    json.writeStartObject();
    json.writeStringField("event_id", trace.eventId());
    json.writeArrayFieldStart("rows");
    for (Trace.Row row : trace.rows()) {
      json.writeStartObject();
      json.writeStringField("event_type", row.eventType());
      json.writeStringField("ts", Timestamps.isoMicros(row.tsMicros()));
      text("user_id", row.userId());
      text("session_id", row.sessionId());
      raw("params", row.params());
      json.writeNumberField("digest", row.digest());
      end(row.place(), row.origin());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("duplicates");
    for (Trace.Duplicate duplicate : trace.duplicates()) {
      json.writeStartObject();
      end(duplicate.place(), duplicate.origin());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("letters");
    for (Trace.Letter letter : trace.letters()) {
      json.writeStartObject();
      json.writeStringField("reason", letter.reason());
      text("detail", letter.detail());
      json.writeStringField("stage", letter.stage());
      json.writeNumberField("raw_length", letter.bytes());
      end(letter.place(), letter.origin());
    }
    json.writeEndArray();
    index(trace);
    json.writeEndObject();
  }

  private void index(Trace trace) throws IOException {
    json.writeObjectFieldStart("index");
    if (trace.index() instanceof Trace.IndexAnswer.Unreachable unreachable) {
      json.writeBooleanField("reachable", false);
      json.writeStringField("problem", unreachable.why());
    } else if (trace.index() instanceof Trace.IndexAnswer.Documents found) {
      json.writeBooleanField("reachable", true);
      json.writeArrayFieldStart("documents");
      for (Trace.Document document : found.documents()) {
        json.writeStartObject();
        json.writeStringField("index", document.index());
        json.writeNumberField("version", document.version());
        json.writeBooleanField("agrees", document.agreesWithOneOf(trace.rows()));
        raw("source", document.source());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void end(Trace.Place place, Trace.Origin origin) throws IOException {
    if (place.topic() == null) {
      json.writeNullField("kafka");
    } else {
      json.writeObjectFieldStart("kafka");
      text("topic", place.topic());
      json.writeNumberField("partition", place.partition());
      json.writeNumberField("offset", place.offset());
      Long micros = place.tsMicros();
      text("ts", micros == null ? null : Timestamps.isoMicros(micros));
      json.writeEndObject();
    }
    json.writeStringField("file", origin.file());
    Commit commit = origin.commit();
    if (commit == null) {
      json.writeNullField("commit");
    } else {
      json.writeObjectFieldStart("commit");
      json.writeNumberField("version", commit.version());
      json.writeStringField(
          "committed_at", Instant.ofEpochMilli(commit.timestampMillis()).toString());
      Long batch = origin.batch();
      if (batch == null) {
        json.writeNullField("batch");
      } else {
        json.writeNumberField("batch", batch);
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private void raw(String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value == null ? "null" : value);
  }
}
