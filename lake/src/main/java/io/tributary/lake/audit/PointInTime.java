package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents of an index page by page, as of one point in time, whatever is written meanwhile.
 *
 * @param index its name
 * @param size of a page
 */
record PointInTime(IndexAnswers answers, String index, int size) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String KEEP_ALIVE = "5m";

  /**
   * Gives every document of a search to a consumer; none when there is no such index.
   *
   * @param search what is searched for, and what of it is wanted
   */
  void read(ObjectNode search, Consumer<FoundDocument> consumer) {
    String id = open();
    if (id == null) {
      return;
    }
    try {
      ObjectNode body = search.deepCopy();
      body.put("size", size).put("track_total_hits", false);
      body.putObject("pit").put("id", id).put("keep_alive", KEEP_ALIVE);
      body.putArray("sort").addObject().put("_shard_doc", "asc");
      DocumentPage page = page(body);
      while (!page.documents().isEmpty()) {
        page.documents().forEach(consumer);
        id = page.pointInTime();
        body.putObject("pit").put("id", id).put("keep_alive", KEEP_ALIVE);
        body.putArray("search_after").add(page.last());
        page = page(body);
      }
    } finally {
      Request close = new Request("DELETE", "/_pit");
      close.setJsonEntity(JSON.createObjectNode().put("id", id).toString());
      answers.to(close, "close a point in time");
    }
  }

  private @Nullable String open() {
    JsonNode answer =
        answers.unlessAbsent(
            new Request("POST", "/%s/_pit?keep_alive=%s".formatted(index, KEEP_ALIVE)),
            "open a point in time");
    return answer == null ? null : answer.path("id").asText();
  }

  private DocumentPage page(ObjectNode body) {
    Request request = new Request("POST", "/_search");
    request.setJsonEntity(body.toString());
    return answers.page(request);
  }
}
