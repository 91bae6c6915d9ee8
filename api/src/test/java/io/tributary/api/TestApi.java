package io.tributary.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.tributary.api.config.ApiConfiguration;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The whole API on free ports, started with the configuration as shipped. */
final class TestApi implements AutoCloseable {
  static final String JSON = "application/json";
  static final String LINES = "application/x-ndjson";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final DropwizardTestSupport<ApiConfiguration> application;

  private TestApi(String kafka, String elasticsearch, String yaml, List<ConfigOverride> more) {
    List<ConfigOverride> overrides =
        new ArrayList<>(
            List.of(
                ConfigOverride.config("server.applicationConnectors[0].port", "0"),
                ConfigOverride.config("server.adminConnectors[0].port", "0"),
                ConfigOverride.config("kafka.bootstrap-servers", kafka),
                ConfigOverride.config("topic.name", name),
                ConfigOverride.config("topic.retention", "forever"),
                ConfigOverride.config("elasticsearch.urls", elasticsearch),
                ConfigOverride.config("index-prefix", name + "-")));
    overrides.addAll(more);
    application =
        new DropwizardTestSupport<>(
            ApiApplication.class,
            configuration(yaml).toString(),
            overrides.toArray(ConfigOverride[]::new));
  }

  static TestApi start(String kafka, String elasticsearch, ConfigOverride... more) {
    return startWith("", kafka, elasticsearch, more);
  }

  /** With more settings than the shipped ones, as YAML. */
  static TestApi startWith(
      String yaml, String kafka, String elasticsearch, ConfigOverride... more) {
    TestApi api = new TestApi(kafka, elasticsearch, yaml, List.of(more));
    try {
      api.application.before();
    } catch (Exception failed) {
      throw new IllegalStateException("Cannot start the API", failed);
    }
    return api;
  }

  private static Path configuration(String yaml) {
    try {
      Path shipped = Path.of(System.getProperty("tributary.checkout", ".."), "conf", "api.yml");
      Path file = Files.createTempFile("api-", ".yml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, Files.readString(shipped) + "\n" + yaml);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The topic; also what the names of the indices begin with, before a hyphen. */
  String name() {
    return name;
  }

  int port() {
    return application.getLocalPort();
  }

  Answer get(String pathAndQuery) {
    return send(request(pathAndQuery).GET());
  }

  Answer admin(String path) {
    return send(
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + application.getAdminPort() + path)));
  }

  Answer post(String contentType, String body, String... headers) {
    return post(contentType, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer post(String contentType, byte[] body, String... headers) {
    HttpRequest.Builder request =
        request("/v1/events").POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    for (int at = 0; at < headers.length; at += 2) {
      request.header(headers[at], headers[at + 1]);
    }
    return send(request);
  }

  Answer method(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /** Whatever bytes, as no proper client sends them; the answer's headers and body as text. */
  String raw(String bytes) {
    try (Socket socket = new Socket("127.0.0.1", application.getLocalPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + application.getLocalPort() + pathAndQuery));
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      long started = System.nanoTime();
      HttpResponse<String> response =
          client.send(
              request.timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.headers().firstValue("Retry-After").orElse(""),
          response.body(),
          Duration.ofNanos(System.nanoTime() - started));
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    application.after();
  }

  /** What came back. */
  record Answer(int status, String contentType, String retryAfter, String body, Duration took) {
    JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException notJson) {
        throw new IllegalStateException("Not JSON: " + body, notJson);
      }
    }

    List<String> texts(String array, String member) {
      List<String> texts = new ArrayList<>();
      json().path(array).forEach(each -> texts.add(each.path(member).asText()));
      return texts;
    }

    List<String> eventIds() {
      List<String> ids = new ArrayList<>();
      json().path("event_ids").forEach(id -> ids.add(id.asText()));
      return ids;
    }
  }
}
