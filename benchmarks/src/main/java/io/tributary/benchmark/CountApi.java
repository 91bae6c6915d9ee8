package io.tributary.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The API's count, asked as any user does. */
final class CountApi {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;

  CountApi(String url) {
    this.url = url;
  }

  /**
   * How many events lie in [start, end).
   *
   * @throws IOException when the API does not answer 200
   */
  int count(String start, String end) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("%s/v1/events/count?start=%s&end=%s".formatted(url, start, end)))
            .timeout(ANSWER)
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "Cannot count: %s answered %d: %s"
              .formatted(request.uri(), answer.statusCode(), answer.body()));
    }
    JsonNode count = Json.read(answer.body()).path("count");
    return count.asInt();
  }
}
