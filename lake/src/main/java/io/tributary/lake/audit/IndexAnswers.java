package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.index.ElasticsearchSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * What Elasticsearch answers. A failure tells an index of which it says nothing from a server that
 * does not answer at all.
 */
final class IndexAnswers implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final int NOT_FOUND = 404;

  private final RestClient client;
  private final String url;

  IndexAnswers(ElasticsearchSettings elasticsearch) {
    this.url = elasticsearch.url();
    this.client = elasticsearch.client(CONNECT, ANSWER);
  }

  /**
   * The answer to a request.
   *
   * @param what is asked for, for people
   */
  JsonNode to(Request request, String what) {
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  /** The same; null when there is no such thing. */
  @Nullable JsonNode unlessAbsent(Request request, String what) {
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body);
    } catch (ResponseException e) {
      if (e.getResponse().getStatusLine().getStatusCode() == NOT_FOUND) {
        return null;
      }
      throw failed(what, e);
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  /** Reads a page of documents. */
  DocumentPage page(Request request) {
    try (InputStream in = client.performRequest(request).getEntity().getContent()) {
      return DocumentPage.read(in.readAllBytes());
    } catch (IOException e) {
      throw failed("search", e);
    }
  }

  UncheckedIOException failed(String what, IOException e) {
    String message = message(what, String.valueOf(e.getMessage()));
    return e instanceof ResponseException || e instanceof PartialAnswerException
        ? new UnreadableDayException(message, e)
        : new UncheckedIOException(message, e);
  }

  String message(String what, String reason) {
    return "Cannot %s in Elasticsearch at %s: %s. Check that it runs and is healthy, then start again."
        .formatted(what, url, reason);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw failed("close the client", e);
    }
  }
}
