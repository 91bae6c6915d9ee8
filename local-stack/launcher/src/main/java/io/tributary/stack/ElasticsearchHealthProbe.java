package io.tributary.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a node who it is, as clients do first, and whether every primary shard is at work. */
final class ElasticsearchHealthProbe implements ServerProcess.Readiness {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String url;

  /**
   * @param url {@code http://host:port}
   */
  ElasticsearchHealthProbe(String url) {
    this.url = url;
  }

  @Override
  public void check() throws IOException {
    HttpURLConnection root = ask("/");
    read(root);
    if (!"Elasticsearch".equals(root.getHeaderField("X-elastic-product"))) {
      throw new IOException(url + " answers, but is no Elasticsearch");
    }
    String health = read(ask("/_cluster/health?wait_for_status=yellow&timeout=1s"));
    if (!health.contains("\"status\":\"yellow\"") && !health.contains("\"status\":\"green\"")) {
      throw new IOException("the cluster's health is " + health);
    }
  }

  private HttpURLConnection ask(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }

  private static String read(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException(connection.getURL() + " answered " + status);
    }
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
