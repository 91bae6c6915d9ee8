package io.tributary.benchmark;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;

/** The official client, and what benchmarks ask it. */
final class SearchClient implements AutoCloseable {
  private static final int PAGE = 10_000;
  private static final Time KEEP_ALIVE = Time.of(time -> time.time("2m"));

  private final RestClientTransport transport;
  private final ElasticsearchClient client;

  private SearchClient(RestClientTransport transport) {
    this.transport = transport;
    this.client = new ElasticsearchClient(transport);
  }

  static SearchClient of(String url) {
    return new SearchClient(
        new RestClientTransport(
            RestClient.builder(HttpHost.create(url)).build(), new JacksonJsonpMapper()));
  }

  ElasticsearchClient client() {
    return client;
  }

  /** Hands over the {@code _id} of every document, after a refresh. */
  void eachId(String pattern, Consumer<String> consumer) throws IOException {
    client.indices().refresh(refresh -> refresh.index(pattern));
    String pointInTime =
        client
            .openPointInTime(
                open -> open.index(pattern).ignoreUnavailable(true).keepAlive(KEEP_ALIVE))
            .id();
    List<FieldValue> after = List.of();
    while (true) {
      List<FieldValue> position = after;
      SearchResponse<Void> page =
          client.search(
              search -> {
                search
                    .pit(pit -> pit.id(pointInTime).keepAlive(KEEP_ALIVE))
                    .size(PAGE)
                    .trackTotalHits(track -> track.enabled(false))
                    .source(source -> source.fetch(false))
                    .sort(
                        sort ->
                            sort.field(field -> field.field("_shard_doc").order(SortOrder.Asc)));
                return position.isEmpty() ? search : search.searchAfter(position);
              },
              Void.class);
      List<Hit<Void>> hits = page.hits().hits();
      for (Hit<Void> hit : hits) {
        String id = hit.id();
        if (id != null) {
          consumer.accept(id);
        }
      }
      if (hits.size() < PAGE) {
        client.closePointInTime(close -> close.id(pointInTime));
        return;
      }
      after = hits.get(hits.size() - 1).sort();
    }
  }

  /** The state that a query of the streaming job last told; empty when there is none. */
  String status(String index, String query) throws IOException {
    JsonNode document = client.get(get -> get.index(index).id(query), JsonNode.class).source();
    return document == null ? "" : document.path("state").asText();
  }

  /** Deletes all indices with a prefix, so that their merges cost the next figure nothing. */
  void deleteIndices(String prefix) throws IOException {
    List<String> names =
        new ArrayList<>(client.indices().get(get -> get.index(prefix + "*")).result().keySet());
    if (!names.isEmpty()) {
      client.indices().delete(delete -> delete.index(names));
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
