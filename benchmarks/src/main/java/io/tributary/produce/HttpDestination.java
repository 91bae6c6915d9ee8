package io.tributary.produce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.event.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The API's {@code POST /v1/events}, a batch of lines at a time. What it refuses is noted down as a
 * dead letter with the API's own reason; its records never reach Kafka.
 */
final class HttpDestination implements Destination {
  private static final int MAX_BATCH_BYTES = 1 << 20;
  private static final int ATTEMPTS = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI events;
  private final int batchSize;
  private final Manifest.@Nullable Output manifest;
  private final ExpectedEnds ends = new ExpectedEnds();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final List<byte[]> batch = new ArrayList<>();
  private int batchBytes;
  private long acknowledged;
  private long refused;

  HttpDestination(String api, int batchSize, Manifest.@Nullable Output manifest) {
    String base = api.endsWith("/") ? api.substring(0, api.length() - 1) : api;
    this.events = URI.create(base.endsWith("/v1/events") ? base : base + "/v1/events");
    this.batchSize = batchSize;
    this.manifest = manifest;
  }

  @Override
  public void send(Outgoing record) throws IOException {
    if (isBlank(record.value())) {
      // Lines without anything are nothing to the API: not refused, just not there.
      return;
    }
    batch.add(record.value());
    batchBytes += record.value().length;
    if (batch.size() >= batchSize || batchBytes >= MAX_BATCH_BYTES) {
      post();
    }
  }

  @Override
  public void finish() throws IOException {
    if (!batch.isEmpty()) {
      post();
    }
  }

  private void post() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(batchBytes + batch.size());
    for (byte[] value : batch) {
      body.writeBytes(value);
      body.write('\n');
    }
    JsonNode answer = answer(body.toByteArray());
    Set<Integer> refusedHere = new HashSet<>();
    answer.path("rejected").forEach(one -> refusedHere.add(one.path("index").asInt()));
    long receivedMillis = System.currentTimeMillis();
    int accepted = 0;
    for (int i = 0; i < batch.size(); i++) {
      String id = "";
      if (!refusedHere.contains(i)) {
        id = answer.path("event_ids").path(accepted++).asText();
      }
      if (manifest != null) {
        manifest.write(ends.next(batch.get(i), new Provenance.Http(receivedMillis, id)));
      }
    }
    if (accepted != answer.path("accepted").asInt()) {
      throw ProduceFailedException.api(
          events.toString(), "its answer accounts for other events than were sent");
    }
    acknowledged += accepted;
    refused += refusedHere.size();
    batch.clear();
    batchBytes = 0;
  }

  private JsonNode answer(byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(events)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    String last = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        HttpResponse<String> response =
            client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        int status = response.statusCode();
        if (status == 429 || status == 503) {
          last = "it answered " + status + " " + ATTEMPTS + " times";
          TimeUnit.SECONDS.sleep(
              response.headers().firstValueAsLong("Retry-After").orElse(attempt));
          continue;
        }
        JsonNode answer = JSON.readTree(response.body());
        if (status == 202 || (status == 400 && answer.has("rejected"))) {
          return answer;
        }
        throw ProduceFailedException.api(
            events.toString(), "it answered " + status + " " + answer.path("detail").asText());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ProduceFailedException.api(events.toString(), "interrupted");
      } catch (java.net.ConnectException e) {
        throw ProduceFailedException.api(events.toString(), "nothing listens there");
      }
    }
    throw ProduceFailedException.api(events.toString(), last);
  }

  private static boolean isBlank(byte[] value) {
    for (byte one : value) {
      if (one != ' ' && one != '\t' && one != '\r' && one != '\n') {
        return false;
      }
    }
    return true;
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public void close() {
    // The client's threads end with it.
  }
}
