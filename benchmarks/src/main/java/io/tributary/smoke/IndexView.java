package io.tributary.smoke;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.EventKey;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The documents of the event indices, all of one point in time. */
final class IndexView implements View {
  private static final int PAGE = 5_000;
  private static final Time KEEP_ALIVE = Time.of(time -> time.time("1m"));

  private final ElasticsearchClient client;
  private final IndexLayout layout;

  IndexView(ElasticsearchClient client, IndexLayout layout) {
    this.client = client;
    this.layout = layout;
  }

  @Override
  public String name() {
    return "index (Elasticsearch)";
  }

  @Override
  public List<EventKey> ids(TimeRange range) throws IOException {
    try {
      String pointInTime =
          client
              .openPointInTime(
                  open ->
                      open.index(layout.eventsPattern())
                          .ignoreUnavailable(true)
                          .keepAlive(KEEP_ALIVE))
              .id();
      try {
        return ids(pointInTime, range);
      } finally {
        client.closePointInTime(close -> close.id(pointInTime));
      }
    } catch (ElasticsearchException e) {
      throw new IOException(
          "Cannot list the indices " + layout.eventsPattern() + ": " + e.getMessage() + ".", e);
    }
  }

  private List<EventKey> ids(String pointInTime, TimeRange range) throws IOException {
    List<EventKey> keys = new ArrayList<>();
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
                    .source(
                        source ->
                            source.filter(
                                filter -> filter.includes(LakeLayout.EVENT_TYPE, LakeLayout.TS)))
                    .query(
                        query ->
                            query.range(
                                within ->
                                    within.date(
                                        date ->
                                            date.field(LakeLayout.TS)
                                                .gte(Timestamps.isoMicros(range.startMicros()))
                                                .lt(Timestamps.isoMicros(range.endMicros())))))
                    .sort(
                        sort ->
                            sort.field(field -> field.field("_shard_doc").order(SortOrder.Asc)));
                return position.isEmpty() ? search : search.searchAfter(position);
              },
              JsonNode.class);
      List<Hit<JsonNode>> hits = page.hits().hits();
      for (Hit<JsonNode> hit : hits) {
        keys.add(key(hit));
      }
      if (hits.size() < PAGE) {
        return keys;
      }
      after = hits.get(hits.size() - 1).sort();
    }
  }

  private static EventKey key(Hit<JsonNode> hit) throws IOException {
    JsonNode source = hit.source();
    String id = hit.id();
    if (source == null || id == null) {
      throw new IOException(
          "Cannot read a document of " + hit.index() + ": it has no source. Reindex that day.");
    }
    // The id is the document's own: a different event_id inside would be a fault of the writer.
    return new EventKey(
        id,
        source.path(LakeLayout.EVENT_TYPE).asText(),
        Timestamps.ofIso(source.path(LakeLayout.TS).asText())
            .orElseThrow(
                () ->
                    new IOException(
                        "Cannot read document "
                            + id
                            + " of "
                            + hit.index()
                            + ": its ts is no time.")));
  }
}
