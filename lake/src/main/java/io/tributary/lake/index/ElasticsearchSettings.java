package io.tributary.lake.index;

import io.tributary.lake.config.ByteSize;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;

/**
 * How the index is reached and filled.
 *
 * @param url of one node or of the load balancer in front, {@code http://host:port}
 * @param prefix in front of every index and template name
 * @param shards primary shards of a day's index
 * @param replicas replicas of a day's index
 * @param refreshInterval when documents become visible
 * @param bulkEntries documents a bulk request holds at most
 * @param bulkSize bytes a bulk request holds at most
 * @param options any {@code es.*} option of the connector; wins over ours
 */
public record ElasticsearchSettings(
    String url,
    String prefix,
    int shards,
    int replicas,
    Duration refreshInterval,
    int bulkEntries,
    ByteSize bulkSize,
    Map<String, String> options)
    implements Serializable {

  public ElasticsearchSettings {
    URI uri = URI.create(url);
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw new IllegalArgumentException(
          "url: %s (must be http://host:port or https://host:port)".formatted(url));
    }
    if (shards < 1 || replicas < 0 || bulkEntries < 1) {
      throw new IllegalArgumentException(
          "shards and bulk-entries must be at least 1, replicas at least 0");
    }
    options = Map.copyOf(options);
  }

  /**
   * A client for it, to be closed by who has it made.
   *
   * @param connect how long it waits for a connection
   * @param answer how long it waits for an answer
   */
  public RestClient client(Duration connect, Duration answer) {
    return RestClient.builder(new HttpHost(uri().getHost(), port(), uri().getScheme()))
        .setRequestConfigCallback(
            request ->
                request
                    .setConnectTimeout((int) connect.toMillis())
                    .setSocketTimeout((int) answer.toMillis()))
        .build();
  }

  /** The address. */
  public URI uri() {
    return URI.create(url);
  }

  /** The port of the address; the usual one of its scheme when it names none. */
  public int port() {
    int port = uri().getPort();
    return port > 0 ? port : uri().getScheme().equals("https") ? 443 : 9200;
  }
}
