package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.transport.rest_client.RestClientOptions;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.lifecycle.Managed;
import io.tributary.api.config.ElasticsearchConfiguration;
import io.tributary.query.QueryUnavailableException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.http.ConnectionClosedException;
import org.apache.http.ContentTooLongException;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.HttpAsyncResponseConsumerFactory.HeapBufferedResponseConsumerFactory;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/**
 * Asks the cluster, each time within a deadline that holds whatever the cluster does: refuses,
 * accepts and stays silent, or sends a byte a second.
 */
public final class IndexClient implements Managed {
  static final String SOURCE = "index";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_ATTEMPTS = 2;
  private static final String ASK_AGAIN =
      "Ask again in a few seconds; if it lasts, check the cluster";

  private final RestClientTransport transport;
  private final ElasticsearchAsyncClient client;
  private final Duration queryTimeout;
  private final String urls;

  /** Does not connect yet. Answers are read by the mapper. */
  public IndexClient(ElasticsearchConfiguration configuration, ObjectMapper answers) {
    RequestOptions.Builder options = RequestOptions.DEFAULT.toBuilder();
    options.setHttpAsyncResponseConsumerFactory(
        new HeapBufferedResponseConsumerFactory(
            (int) Math.min(configuration.maxResponseBytes().toBytes(), Integer.MAX_VALUE)));
    this.queryTimeout = configuration.queryTimeout().toJavaDuration();
    this.transport =
        new RestClientTransport(
            restClient(configuration),
            new JacksonJsonpMapper(answers),
            new RestClientOptions(options.build(), false));
    this.client = new ElasticsearchAsyncClient(transport);
    this.urls = configuration.urls();
  }

  private static RestClient restClient(ElasticsearchConfiguration configuration) {
    HttpHost[] nodes =
        configuration.nodes().stream()
            .map(node -> new HttpHost(node.getHost(), node.getPort(), node.getScheme()))
            .toArray(HttpHost[]::new);
    RestClientBuilder builder = RestClient.builder(nodes);
    String path = configuration.nodes().get(0).getPath();
    if (path != null && path.length() > 1) {
      builder.setPathPrefix(path);
    }
    int timeoutMillis = (int) configuration.queryTimeout().toMilliseconds();
    return builder
        .setDefaultHeaders(authorization(configuration))
        .setRequestConfigCallback(
            request ->
                request
                    .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                    .setConnectionRequestTimeout(timeoutMillis)
                    .setSocketTimeout(timeoutMillis))
        .setHttpClientConfigCallback(
            http -> http.setMaxConnTotal(MAX_CONNECTIONS).setMaxConnPerRoute(MAX_CONNECTIONS))
        .build();
  }

  private static Header[] authorization(ElasticsearchConfiguration configuration) {
    List<Header> headers = new ArrayList<>();
    if (!configuration.apiKey().isEmpty()) {
      headers.add(new BasicHeader("Authorization", "ApiKey " + configuration.apiKey()));
    } else if (!configuration.username().isEmpty()) {
      String credentials = configuration.username() + ":" + configuration.password();
      headers.add(
          new BasicHeader(
              "Authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
    }
    return headers.toArray(Header[]::new);
  }

  /** How long a whole question may take. */
  Duration queryTimeout() {
    return queryTimeout;
  }

  /**
   * The answer to a call. A connection that was closed under it (a node that started again) is
   * worth one more attempt; nothing else is.
   *
   * @throws AnswerTooLargeException the answer does not fit into memory; ask for less
   * @throws ElasticsearchException what is asked for is not there, or the question is wrong
   */
  <T> T ask(Deadline deadline, Function<ElasticsearchAsyncClient, CompletableFuture<T>> call)
      throws QueryUnavailableException, AnswerTooLargeException {
    for (int attempt = 1; ; attempt++) {
      CompletableFuture<T> answer = call.apply(client);
      try {
        return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException late) {
        answer.cancel(true);
        throw unavailable("Elasticsearch at %s did not answer in time".formatted(urls), late);
      } catch (InterruptedException interrupted) {
        answer.cancel(true);
        Thread.currentThread().interrupt();
        throw unavailable("the API is stopping", interrupted);
      } catch (ExecutionException failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        if (attempt == MAX_ATTEMPTS || !isWorthAnotherAttempt(cause)) {
          throw failure(cause);
        }
      }
    }
  }

  private static boolean isWorthAnotherAttempt(Throwable cause) {
    return cause instanceof ConnectionClosedException
        || (cause instanceof SocketException && !(cause instanceof java.net.ConnectException))
        || (cause instanceof IOException && "Connection reset by peer".equals(cause.getMessage()));
  }

  private QueryUnavailableException failure(Throwable cause) throws AnswerTooLargeException {
    if (isTooLarge(cause)) {
      throw new AnswerTooLargeException(cause);
    }
    if (cause instanceof ElasticsearchException refused) {
      int status = refused.status();
      if (status == 401 || status == 403) {
        return new QueryUnavailableException(
            SOURCE,
            "Elasticsearch refused the API's credentials (%d)".formatted(status),
            "Check elasticsearch.username, password or api-key of the API's configuration.",
            cause);
      }
      if (status == 429 || status >= 500) {
        return unavailable(
            "Elasticsearch answered %d (%s)".formatted(status, refused.error().type()), cause);
      }
      // Not there, or a question that we should not have asked: the caller's business.
      throw refused;
    }
    if (cause instanceof TransportException) {
      return unavailable("what answers at %s is not Elasticsearch 8 or 9".formatted(urls), cause);
    }
    if (cause instanceof IOException) {
      return unavailable("Elasticsearch at %s can't be reached".formatted(urls), cause);
    }
    throw new IllegalStateException("Cannot ask Elasticsearch", cause);
  }

  private static boolean isTooLarge(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ContentTooLongException) {
        return true;
      }
    }
    return false;
  }

  static QueryUnavailableException unavailable(String reason, Throwable cause) {
    return new QueryUnavailableException(SOURCE, reason, ASK_AGAIN + ".", cause);
  }

  @Override
  public void stop() throws IOException {
    transport.close();
  }

  /** An answer does not fit into memory. */
  static final class AnswerTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    AnswerTooLargeException(Throwable cause) {
      super("The answer is larger than elasticsearch.max-response-bytes", cause);
    }
  }
}
