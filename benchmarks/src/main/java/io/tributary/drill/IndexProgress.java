package io.tributary.drill;

import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the index is, asked past the proxy. */
final class IndexProgress {
  private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final String elasticsearch;
  private final IndexLayout layout = new IndexLayout();
  private final HttpClient client = HttpClient.newHttpClient();

  IndexProgress(String elasticsearch) {
    this.elasticsearch = elasticsearch;
  }

  /** How many documents of events there are; -1 when Elasticsearch does not answer. */
  long documents() throws InterruptedException {
    try {
      ask("/" + layout.eventsPattern() + "/_refresh");
      Matcher count = COUNT.matcher(ask("/" + layout.eventsPattern() + "/_count"));
      return count.find() ? Long.parseLong(count.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  private String ask(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(elasticsearch + path)).timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
