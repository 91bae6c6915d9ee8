package io.tributary.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.layout.IndexDocument;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import io.tributary.produce.EventGenerator;
import io.tributary.produce.ExpectedEnds;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.Manifest;
import io.tributary.produce.ManifestEntry;
import io.tributary.reader.EventKey;
import io.tributary.reader.Lake;
import io.tributary.smoke.SmokeCheck.Findings;
import io.tributary.stack.SharedLocalStack;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.http.HttpHost;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Delta table and a real node; only the counts of the API are not asked here. */
class SmokeCheckIT {
  private static final long START = Timestamps.ofIso("2025-03-10T20:00:00Z").orElseThrow();

  /** More than one page of documents, over two UTC days. */
  private static final int EVENTS = 6_000;

  private final IndexLayout layout = new IndexLayout("smoke-" + UUID.randomUUID() + "-");
  private final List<Event> events = new ArrayList<>();
  private @Nullable RestClient rest;

  @BeforeEach
  void generate(@TempDir Path folder) throws IOException {
    rest = RestClient.builder(HttpHost.create(SharedLocalStack.running().elasticsearch())).build();
    ExpectedEnds ends = new ExpectedEnds();
    try (Manifest.Output manifest = new Manifest.Output(folder.resolve("manifest.ndjson"))) {
      EventGenerator.stream(new GeneratorSettings(1, START, 2_000_000, 0.02, 0.02, 0.02, 0), EVENTS)
          .forEach(
              record -> {
                ManifestEntry entry =
                    ends.next(record.outgoing().value(), new Provenance.Http(START / 1_000, "-"));
                write(manifest, entry);
                Event event = entry.event();
                if (event != null
                    && entry.expectation().end() == io.tributary.produce.Expectation.End.ROW) {
                  events.add(event);
                }
              });
    }
    sent = SentEvents.of(folder.resolve("manifest.ndjson"));
    root = folder.resolve("lake").toString();
  }

  private SentEvents sent = new SentEvents(List.of());
  private String root = "";

  @AfterEach
  void close() throws IOException {
    RestClient open = rest;
    if (open != null) {
      open.performRequest(new Request("DELETE", "/_index_template/" + layout.eventsTemplateName()));
      open.close();
    }
  }

  @Test
  void everyEventInBothPlacesPasses() throws IOException {
    SmallLake.write(root, keys(event -> true));
    index(event -> true);

    Findings findings = look();

    assertThat(findings.differences()).isEmpty();
    assertThat(findings.sizes())
        .allMatch(
            line -> line.contains(String.format(java.util.Locale.ROOT, "%,d", events.size())));
  }

  @Test
  void oneEventMissingInDeltaFails() throws IOException {
    Event lost = events.get(events.size() / 2);
    SmallLake.write(root, keys(event -> !event.equals(lost)));
    index(event -> true);

    assertThat(look().differences())
        .containsExactly(
            "sent, not in the lake: %s (%s, %s)"
                .formatted(lost.eventId(), lost.eventType(), lost.tsText()));
  }

  @Test
  void oneEventMissingInTheIndexFails() throws IOException {
    Event lost = events.get(events.size() - 1);
    SmallLake.write(root, keys(event -> true));
    index(event -> !event.equals(lost));

    assertThat(look().differences())
        .containsExactly(
            "sent, not in the index: %s (%s, %s)"
                .formatted(lost.eventId(), lost.eventType(), lost.tsText()));
  }

  private Findings look() throws IOException {
    RestClient open = client();
    try (Lake lake = Lake.open(root)) {
      ElasticsearchClient elasticsearch =
          new ElasticsearchClient(new RestClientTransport(open, new JacksonJsonpMapper()));
      return new SmokeCheck(
              new LakeView(lake.events()), new IndexView(elasticsearch, layout), List.of())
          .look(sent);
    }
  }

  private List<EventKey> keys(Predicate<Event> kept) {
    return events.stream()
        .filter(kept)
        .map(event -> new EventKey(event.eventId(), event.eventType(), event.tsMicros()))
        .toList();
  }

  private void index(Predicate<Event> kept) throws IOException {
    Request template = new Request("PUT", "/_index_template/" + layout.eventsTemplateName());
    template.setJsonEntity(layout.eventsTemplate(List.of(), new IndexSettings(1, 0, "1s")));
    client().performRequest(template);
    StringBuilder lines = new StringBuilder();
    long offset = 0;
    for (Event event : events) {
      if (kept.test(event)) {
        lines
            .append("{\"create\":{\"_index\":\"")
            .append(layout.eventsIndex(event.day()))
            .append("\",\"_id\":\"")
            .append(event.eventId())
            .append("\"}}\n")
            .append(
                IndexDocument.json(
                    event,
                    event.digest(),
                    List.of(),
                    new Object[0],
                    new Provenance.Kafka("events", 0, offset++, START / 1_000)))
            .append('\n');
      }
    }
    Request bulk = new Request("POST", "/_bulk");
    bulk.addParameter("refresh", "true");
    bulk.setJsonEntity(lines.toString());
    String answer =
        new String(
            client().performRequest(bulk).getEntity().getContent().readAllBytes(),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(answer).contains("\"errors\":false");
  }

  private RestClient client() {
    RestClient open = rest;
    if (open == null) {
      throw new IllegalStateException("Not started.");
    }
    return open;
  }

  private static void write(Manifest.Output manifest, ManifestEntry entry) {
    try {
      manifest.write(entry);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
