package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the index is reached.
 *
 * @param urls nodes of one cluster, {@code http://host:port}, separated by commas
 * @param queryTimeout how long a query may take in all, whatever the cluster does
 * @param maxResponseBytes the largest answer held in memory; a page that would be larger is cut
 * @param username together with {@code password}: basic authentication; empty without
 * @param apiKey the encoded key; empty without
 */
public record ElasticsearchConfiguration(
    @JsonProperty("urls") String urls,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) @JsonProperty("query-timeout")
        Duration queryTimeout,
    @MinDataSize(4_194_304) @JsonProperty("max-response-bytes") DataSize maxResponseBytes,
    @JsonProperty("username") String username,
    @JsonProperty("password") String password,
    @JsonProperty("api-key") String apiKey) {
  /** Takes what the file says; what it leaves out gets its default. */
  @JsonCreator
  public static ElasticsearchConfiguration of(
      @JsonProperty("urls") @Nullable String urls,
      @JsonProperty("query-timeout") @Nullable Duration queryTimeout,
      @JsonProperty("max-response-bytes") @Nullable DataSize maxResponseBytes,
      @JsonProperty("username") @Nullable String username,
      @JsonProperty("password") @Nullable String password,
      @JsonProperty("api-key") @Nullable String apiKey) {
    return new ElasticsearchConfiguration(
        Objects.requireNonNullElse(urls, "http://127.0.0.1:9200"),
        Objects.requireNonNullElse(queryTimeout, Duration.seconds(5)),
        Objects.requireNonNullElse(maxResponseBytes, DataSize.mebibytes(32)),
        Objects.requireNonNullElse(username, ""),
        Objects.requireNonNullElse(password, ""),
        Objects.requireNonNullElse(apiKey, ""));
  }

  /** The nodes, each with scheme, host and port. */
  public List<URI> nodes() {
    return Arrays.stream(urls.split(",")).map(String::strip).map(URI::create).toList();
  }

  /** Checked by the loader. */
  @ValidationMethod(message = "urls must be http://host:port or https://host:port, comma-separated")
  public boolean isEveryUrlReadable() {
    try {
      return nodes().stream()
          .allMatch(
              node ->
                  ("http".equals(node.getScheme()) || "https".equals(node.getScheme()))
                      && node.getHost() != null);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** Checked by the loader. */
  @ValidationMethod(message = "either api-key or username with password may be given, not both")
  public boolean isAuthenticationUnambiguous() {
    return apiKey.isEmpty() || (username.isEmpty() && password.isEmpty());
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "ElasticsearchConfiguration[urls=%s, queryTimeout=%s]".formatted(urls, queryTimeout);
  }
}
