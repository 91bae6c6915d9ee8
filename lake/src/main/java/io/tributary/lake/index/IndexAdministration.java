package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.TypedField;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.http.HttpHost;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/** What is done to Elasticsearch besides writing events: templates, mappings, status documents. */
public final class IndexAdministration implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 10_000;

  private final RestClient client;
  private final IndexLayout layout;
  private final IndexSettings settings;

  public IndexAdministration(ElasticsearchSettings elasticsearch) {
    this.layout = new IndexLayout(elasticsearch.prefix());
    this.settings =
        new IndexSettings(
            elasticsearch.shards(),
            elasticsearch.replicas(),
            elasticsearch.refreshInterval().toMillis() + "ms");
    this.client =
        RestClient.builder(
                new HttpHost(
                    elasticsearch.uri().getHost(),
                    elasticsearch.port(),
                    elasticsearch.uri().getScheme()))
            .setRequestConfigCallback(
                request ->
                    request.setConnectTimeout(CONNECT_MILLIS).setSocketTimeout(ANSWER_MILLIS))
            .build();
  }

  public IndexLayout layout() {
    return layout;
  }

  /**
   * Makes or renews the templates, and gives the fields configured since to the indices that are
   * there already.
   */
  public void install(List<TypedField> fields, List<String> dimensions) throws IOException {
    put(
        "/_index_template/" + layout.countsTemplateName(),
        layout.countsTemplate(dimensions, settings));
    put("/_index_template/" + layout.statusTemplateName(), layout.statusTemplate(settings));
    installEvents(fields);
  }

  /** The same for the events alone, which is what a job needs that writes nothing else. */
  public void installEvents(List<TypedField> fields) throws IOException {
    put("/_index_template/" + layout.eventsTemplateName(), layout.eventsTemplate(fields, settings));
    if (!names(layout.eventsPattern()).isEmpty()) {
      put(
          "/%s/_mapping?ignore_unavailable=true&allow_no_indices=true"
              .formatted(layout.eventsPattern()),
          layout.eventsMappings(fields));
    }
  }

  /** Replaces a document of the status index. */
  public void putStatus(String id, String document) throws IOException {
    put("/%s/_doc/%s".formatted(layout.statusIndex(), id), document);
  }

  /** A document of the status index; empty when there is none. */
  public Optional<JsonNode> status(String id) throws IOException {
    return document(id).map(StoredDocument::source);
  }

  /** A document of the status index with its version, as of now; empty when there is none. */
  public Optional<StoredDocument> document(String id) throws IOException {
    Request request = new Request("GET", "/%s/_doc/%s".formatted(layout.statusIndex(), id));
    request.addParameter("ignore", "404");
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      JsonNode answer = JSON.readTree(body);
      return answer.path("found").asBoolean()
          ? Optional.of(new StoredDocument(answer.get("_source"), version(answer)))
          : Optional.empty();
    }
  }

  /**
   * Replaces a document of the status index if it is as it was left.
   *
   * @param before its version then; null when there was none
   * @return its version now
   * @throws DocumentMovedException when it is not
   */
  public StoredDocument.Version replaceDocument(
      String id, String document, StoredDocument.@Nullable Version before) throws IOException {
    Request request = new Request("PUT", "/%s/_doc/%s".formatted(layout.statusIndex(), id));
    if (before == null) {
      request.addParameter("op_type", "create");
    } else {
      request.addParameter("if_seq_no", Long.toString(before.sequenceNumber()));
      request.addParameter("if_primary_term", Long.toString(before.primaryTerm()));
    }
    request.setJsonEntity(document);
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return version(JSON.readTree(body));
    } catch (ResponseException e) {
      if (e.getResponse().getStatusLine().getStatusCode() == CONFLICT) {
        throw new DocumentMovedException(layout.statusIndex(), id, e);
      }
      throw e;
    }
  }

  /** Deletes the copies of the counts; the next one makes their indices again. */
  public void deleteCounts() throws IOException {
    // By name: clusters refuse to delete by a pattern unless they are told otherwise.
    for (String index : names(layout.countsPattern())) {
      Request request = new Request("DELETE", "/" + index);
      request.addParameter("ignore", "404");
      client.performRequest(request).getEntity().getContent().close();
    }
  }

  private static StoredDocument.Version version(JsonNode answer) {
    return new StoredDocument.Version(
        answer.path("_seq_no").asLong(), answer.path("_primary_term").asLong());
  }

  private List<String> names(String pattern) throws IOException {
    Request request = new Request("GET", "/_cat/indices/%s?format=json&h=index".formatted(pattern));
    request.addParameter("ignore", "404");
    List<String> names = new ArrayList<>();
    Response response = client.performRequest(request);
    try (InputStream body = response.getEntity().getContent()) {
      if (response.getStatusLine().getStatusCode() != NOT_FOUND) {
        JSON.readTree(body).forEach(index -> names.add(index.path("index").asText()));
      }
    }
    return names;
  }

  private void put(String path, String body) throws IOException {
    Request request = new Request("PUT", path);
    request.setJsonEntity(body);
    Response response = client.performRequest(request);
    response.getEntity().getContent().close();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
