package io.tributary.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** The API's count, asked as any user does. */
final class CountApi {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile String lastProblem = "";

  CountApi(String url) {
    this.url = url;
  }

  /** How many events lie in [start, end); empty when the API does not answer 200. */
  OptionalInt count(String start, String end) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("%s/v1/events/count?start=%s&end=%s".formatted(url, start, end)))
            .timeout(ANSWER)
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return OptionalInt.of(Json.read(answer.body()).path("count").asInt());
      }
      lastProblem = answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      lastProblem = e.toString();
    }
    unanswered.incrementAndGet();
    return OptionalInt.empty();
  }

  /** How many questions were not answered with 200. */
  int unanswered() {
    return unanswered.get();
  }

  /** What the API, or the network, said instead the last time. */
  String lastProblem() {
    return lastProblem;
  }
}
