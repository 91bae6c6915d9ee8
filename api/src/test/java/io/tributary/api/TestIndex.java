package io.tributary.api;

import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.layout.IndexDocument;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes event documents as the streaming job does, by plain HTTP. */
final class TestIndex {
  static final long KAFKA_MILLIS = 1_790_000_000_000L;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String elasticsearch;
  private final IndexLayout layout;
  private final List<TypedField> fields;
  private long offset;

  /** Makes the template. */
  TestIndex(String elasticsearch, String prefix, List<TypedField> fields) {
    this.elasticsearch = elasticsearch;
    this.layout = new IndexLayout(prefix);
    this.fields = fields;
    put(
        "/_index_template/" + layout.eventsTemplateName(),
        layout.eventsTemplate(fields, new IndexSettings(1, 0, "1s")));
  }

  /** Indexes the events as if they had been records of partition 0, one after another. */
  void add(List<String> events) {
    StringBuilder bulk = new StringBuilder();
    EventDecoder decoder = new EventDecoder(fields);
    for (String event : events) {
      Provenance.Kafka record = new Provenance.Kafka("source", 0, offset++, KAFKA_MILLIS);
      Decoded decoded = decoder.decode(event.getBytes(StandardCharsets.UTF_8), record);
      if (!(decoded instanceof Decoded.Accepted accepted)) {
        throw new IllegalArgumentException("Not an event: " + event + ": " + decoded);
      }
      bulk.append(
          "{\"create\":{\"_index\":\"%s\",\"_id\":\"%s\"}}\n"
              .formatted(layout.eventsIndex(accepted.event().day()), accepted.event().eventId()));
      bulk.append(
              IndexDocument.json(
                  accepted.event(), accepted.digest(), fields, accepted.typedValues(), record))
          .append('\n');
    }
    String answer = send("POST", "/_bulk?refresh=true", bulk.toString());
    if (answer.contains("\"errors\":true")) {
      throw new IllegalStateException(answer);
    }
  }

  /** What the streaming job would say. */
  void status(String json) {
    put("/" + layout.statusIndex() + "/_doc/index?refresh=true", json);
  }

  void put(String path, String json) {
    send("PUT", path, json);
  }

  void delete(String path) {
    send("DELETE", path, "");
  }

  private String send(String method, String path, String body) {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(elasticsearch + path))
                  .header("Content-Type", "application/x-ndjson")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(response.body());
      }
      return response.body();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
