package io.tributary.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One of the two count routes of the API. */
final class HttpCounter implements Counter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Address address;
  private final String result;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private HttpCounter(String name, Address address, String result) {
    this.name = name;
    this.address = address;
    this.result = result;
  }

  /** {@code GET /v1/events/count}. */
  static HttpCounter count(String api) {
    return new HttpCounter(
        "/v1/events/count",
        (type, range) ->
            api
                + "/v1/events/count?start="
                + Timestamps.isoMicros(range.startMicros())
                + "&end="
                + Timestamps.isoMicros(range.endMicros())
                + "&event_type="
                + type,
        "count");
  }

  /** {@code GET /getsocial/events/count/}, whose ends are both inclusive. */
  static HttpCounter seedCount(String api) {
    return new HttpCounter(
        "/getsocial/events/count/",
        (type, range) ->
            api
                + "/getsocial/events/count/?event_type="
                + type
                + "&start_time="
                + range.startMicros() / 1_000_000L
                + "&end_time="
                + (range.endMicros() / 1_000_000L - 1),
        "result");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long count(String eventType, TimeRange range) throws IOException {
    URI uri = URI.create(address.of(URLEncoder.encode(eventType, StandardCharsets.UTF_8), range));
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      JsonNode count =
          response.statusCode() == 200
              ? JSON.readTree(response.body()).path(result)
              : JSON.missingNode();
      if (!count.isIntegralNumber()) {
        throw new IOException(
            "Cannot count with "
                + uri
                + ": it answered "
                + response.statusCode()
                + " "
                + response.body());
      }
      return count.asLong();
    } catch (ConnectException e) {
      throw new IOException(
          "Cannot count with " + uri + ": nothing listens there. Start it with scripts/api.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot count with " + uri + ": interrupted.", e);
    }
  }

  private interface Address {
    /** The type is already encoded. */
    String of(String eventType, TimeRange range);
  }
}
