package io.tributary.drill;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.event.DigestParts;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;

/**
 * What the indices hold, read by the official client past the proxy.
 *
 * @param documents contents by identity, in any number
 * @param counts by minute and type
 */
record IndexContents(Map<String, List<String>> documents, Map<String, Long> counts) {
  private static final int PAGE = 5_000;
  private static final Time KEEP_ALIVE = Time.of(time -> time.time("1m"));

  static IndexContents read(String elasticsearch, IndexLayout layout) throws IOException {
    IndexContents contents = new IndexContents(new HashMap<>(), new TreeMap<>());
    try (RestClient rest = RestClient.builder(HttpHost.create(elasticsearch)).build();
        RestClientTransport transport = new RestClientTransport(rest, new JacksonJsonpMapper())) {
      ElasticsearchClient client = new ElasticsearchClient(transport);
      client
          .indices()
          .refresh(
              refresh ->
                  refresh
                      .index(layout.eventsPattern(), layout.countsPattern())
                      .ignoreUnavailable(true));
      each(client, layout.eventsPattern(), contents::document);
      each(client, layout.countsPattern(), contents::count);
    }
    return contents;
  }

  private void document(Hit<JsonNode> hit) {
    JsonNode source = hit.source();
    if (source == null) {
      throw new IllegalStateException("A document without a source: " + hit.id());
    }
    long tsMicros = source.path("ts_micros").asLong();
    long digest =
        new DigestParts(
                source.path("d0").asInt(), source.path("d1").asInt(), source.path("d2").asInt())
            .digest();
    documents
        .computeIfAbsent(
            Expected.identity(String.valueOf(hit.id()), tsMicros), absent -> new ArrayList<>())
        .add(Expected.content(source.path(LakeLayout.EVENT_TYPE).asText(), tsMicros, digest));
  }

  private void count(Hit<JsonNode> hit) {
    JsonNode source = hit.source();
    if (source == null) {
      throw new IllegalStateException("A document without a source: " + hit.id());
    }
    long minute = Timestamps.ofIso(source.path(LakeLayout.WINDOW_START).asText()).orElseThrow();
    counts.merge(
        Expected.slice(minute, source.path(LakeLayout.EVENT_TYPE).asText()),
        source.path(LakeLayout.COUNT).asLong(),
        Long::sum);
  }

  private static void each(
      ElasticsearchClient client, String indices, Consumer<Hit<JsonNode>> consumer)
      throws IOException {
    String pointInTime =
        client
            .openPointInTime(
                open -> open.index(indices).ignoreUnavailable(true).keepAlive(KEEP_ALIVE))
            .id();
    try {
      List<FieldValue> after = List.of();
      while (true) {
        List<FieldValue> position = after;
        SearchResponse<JsonNode> page =
            client.search(
                search -> {
                  search
                      .pit(pit -> pit.id(pointInTime).keepAlive(KEEP_ALIVE))
                      .size(PAGE)
                      .trackTotalHits(track -> track.enabled(false))
                      .sort(
                          sort ->
                              sort.field(field -> field.field("_shard_doc").order(SortOrder.Asc)));
                  return position.isEmpty() ? search : search.searchAfter(position);
                },
                JsonNode.class);
        List<Hit<JsonNode>> hits = page.hits().hits();
        hits.forEach(consumer);
        if (hits.size() < PAGE) {
          return;
        }
        after = hits.get(hits.size() - 1).sort();
      }
    } finally {
      client.closePointInTime(close -> close.id(pointInTime));
    }
  }
}
