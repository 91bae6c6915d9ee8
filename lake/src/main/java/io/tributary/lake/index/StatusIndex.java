package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/** The index of what the job says of itself: a few documents, each known by its id. */
public final class StatusIndex {
  /** Nobody reads it. */
  private static final String TRIAL = "trial";

  private static final int UNAVAILABLE = 503;
  private static final int CONFLICT = 409;
  private static final JsonMapper JSON = new JsonMapper();

  private final RestClient client;
  private final IndexLayout layout;
  private final IndexSettings settings;

  StatusIndex(RestClient client, IndexLayout layout, IndexSettings settings) {
    this.client = client;
    this.layout = layout;
    this.settings = settings;
  }

  /** Makes its template where it is not there: the first document would make a wrong one. */
  public void prepare() throws IOException {
    Response index = client.performRequest(new Request("HEAD", "/" + layout.statusIndex()));
    if (index.getStatusLine().getStatusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      Request template = new Request("PUT", "/_index_template/" + layout.statusTemplateName());
      template.setJsonEntity(layout.statusTemplate(settings));
      client.performRequest(template).getEntity().getContent().close();
    }
  }

  /** Writes a document of no meaning and deletes it again, to see whether it takes any. */
  public void tryOut() throws IOException {
    put(TRIAL, "{}");
    delete(TRIAL);
  }

  /** Replaces a document, whatever it is now. */
  public void put(String id, String document) throws IOException {
    Request request = new Request("PUT", path(id));
    request.setJsonEntity(document);
    client.performRequest(request).getEntity().getContent().close();
  }

  /** A document; empty when there is none. */
  public Optional<JsonNode> source(String id) throws IOException {
    return document(id).map(StoredDocument::source);
  }

  /** A document with its version, as of now; empty when there is none. */
  public Optional<StoredDocument> document(String id) throws IOException {
    try {
      return read(id);
    } catch (ResponseException e) {
      if (e.getResponse().getStatusLine().getStatusCode() != UNAVAILABLE) {
        throw e;
      }
      // An index that was made a moment ago answers when its shard has started.
      Request health = new Request("GET", "/_cluster/health/" + layout.statusIndex());
      health.addParameter("wait_for_status", "yellow");
      health.addParameter("timeout", "5s");
      health.addParameter("ignore", "408");
      client.performRequest(health);
      return read(id);
    }
  }

  private Optional<StoredDocument> read(String id) throws IOException {
    Request request = new Request("GET", path(id));
    request.addParameter("ignore", "404");
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      JsonNode answer = JSON.readTree(body);
      return answer.path("found").asBoolean()
          ? Optional.of(new StoredDocument(answer.get("_source"), version(answer)))
          : Optional.empty();
    }
  }

  /**
   * Replaces a document if it is as it was left.
   *
   * @param before its version then; null when there was none
   * @return its version now
   * @throws DocumentMovedException when it is not
   */
  public StoredDocument.Version replace(
      String id, String document, StoredDocument.@Nullable Version before) throws IOException {
    Request request = new Request("PUT", path(id));
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

  /** Deletes a document; one that is not there is no failure. */
  void delete(String id) throws IOException {
    Request request = new Request("DELETE", path(id));
    request.addParameter("ignore", "404");
    client.performRequest(request).getEntity().getContent().close();
  }

  private String path(String id) {
    return "/%s/_doc/%s".formatted(layout.statusIndex(), id);
  }

  private static StoredDocument.Version version(JsonNode answer) {
    return new StoredDocument.Version(
        answer.path("_seq_no").asLong(), answer.path("_primary_term").asLong());
  }
}
