package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * Stands between the job and Elasticsearch and answers bulk requests badly when it is told to.
 * Everything else goes through.
 */
final class ElasticsearchProxy implements AutoCloseable {
  /** What happens to bulk requests. */
  enum Mode {
    /** They go through. */
    HONEST,
    /** They are refused as a whole: too many. */
    TOO_MANY_REQUESTS,
    /** They are refused as a whole: unavailable. */
    UNAVAILABLE,
    /** They are applied, and no answer comes. */
    APPLIED_WITHOUT_ANSWER,
    /** The first half of the documents is applied, the others are refused one by one. */
    HALF_REFUSED
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE_STATUS = 503;
  private static final int BAD_GATEWAY = 502;

  private final String target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong misbehaved = new AtomicLong();
  private final AtomicLong documents = new AtomicLong();
  private volatile Mode mode = Mode.HONEST;

  ElasticsearchProxy(String target) throws IOException {
    this.target = target;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where the job is to send its requests. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on bulk requests are answered so; counting begins at 0 again. */
  void answer(Mode next) {
    misbehaved.set(0);
    documents.set(0);
    mode = next;
  }

  /** From now on everything goes through. */
  void beHonest() {
    mode = Mode.HONEST;
  }

  /** Bulk requests that were answered badly since. */
  long misbehaved() {
    return misbehaved.get();
  }

  /** Documents in them that were refused, or applied without an answer. */
  long documents() {
    return documents.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Mode now = mode;
      if (now == Mode.HONEST || !exchange.getRequestURI().getPath().endsWith("/_bulk")) {
        pass(exchange, forward(exchange, body));
        return;
      }
      List<String> entries = entries(exchange, body);
      misbehaved.incrementAndGet();
      switch (now) {
        case HONEST -> throw new IllegalStateException("Handled above");
        case TOO_MANY_REQUESTS -> {
          documents.addAndGet(entries.size());
          answer(exchange, TOO_MANY, error("es_rejected_execution_exception", TOO_MANY));
        }
        case UNAVAILABLE -> {
          documents.addAndGet(entries.size());
          answer(
              exchange, UNAVAILABLE_STATUS, error("cluster_block_exception", UNAVAILABLE_STATUS));
        }
        case APPLIED_WITHOUT_ANSWER -> {
          forward(exchange, body);
          documents.addAndGet(entries.size());
          TimeUnit.SECONDS.sleep(REQUEST_LIMIT.toSeconds());
        }
        case HALF_REFUSED -> half(exchange, entries);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void half(HttpExchange exchange, List<String> entries)
      throws IOException, InterruptedException {
    int applied = entries.size() / 2;
    ObjectNode answer = JSON.createObjectNode();
    answer.put("took", 1).put("errors", true);
    ArrayNode items = answer.putArray("items");
    if (applied > 0) {
      HttpResponse<byte[]> response =
          send(
              exchange,
              String.join("", entries.subList(0, applied)).getBytes(StandardCharsets.UTF_8),
              "application/x-ndjson");
      JSON.readTree(response.body()).path("items").forEach(items::add);
    }
    for (String entry : entries.subList(applied, entries.size())) {
      JsonNode action = JSON.readTree(entry.substring(0, entry.indexOf('\n')));
      String operation = action.fieldNames().next();
      ObjectNode item = items.addObject().putObject(operation);
      item.put("_index", action.path(operation).path("_index").asText(indexOf(exchange)));
      item.put("_id", action.path(operation).path("_id").asText());
      item.put("status", TOO_MANY);
      item.putObject("error")
          .put("type", "es_rejected_execution_exception")
          .put("reason", "rejected by the drill");
      documents.incrementAndGet();
    }
    answer(exchange, 200, JSON.writeValueAsString(answer));
  }

  private static String indexOf(HttpExchange exchange) {
    String[] path = exchange.getRequestURI().getPath().split("/");
    return path.length > 1 ? path[1] : "";
  }

  /** Each entry of a bulk request: the line that says what to do, and the document. */
  private static List<String> entries(HttpExchange exchange, byte[] body) throws IOException {
    byte[] plain = body;
    if ("gzip".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new GZIPInputStream(new ByteArrayInputStream(body)).transferTo(out);
      plain = out.toByteArray();
    }
    String[] lines = new String(plain, StandardCharsets.UTF_8).split("\n");
    List<String> entries = new ArrayList<>();
    for (int line = 0; line + 1 < lines.length; line += 2) {
      entries.add(lines[line] + "\n" + lines[line + 1] + "\n");
    }
    return entries;
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return send(exchange, body, type == null ? "application/json" : type);
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body, String type)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .timeout(REQUEST_LIMIT)
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    if (body.length > 0) {
      request.header("Content-Type", type);
    }
    for (String name : List.of("Accept", "Content-Encoding", "Accept-Encoding")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null && !(name.equals("Content-Encoding") && type.endsWith("x-ndjson"))) {
        request.header(name, value);
      }
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UnreachableException(e);
    }
  }

  private static void pass(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    for (String name :
        List.of("Content-Type", "Content-Encoding", "X-elastic-product", "Warning")) {
      response.headers().firstValue(name).ifPresent(value -> headers.set(name, value));
    }
    boolean empty = exchange.getRequestMethod().equals("HEAD") || response.body().length == 0;
    exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : response.body().length);
    if (!empty) {
      exchange.getResponseBody().write(response.body());
    }
  }

  private static String error(String type, int status) {
    return "{\"error\":{\"type\":\"%s\",\"reason\":\"refused by the drill\"},\"status\":%d}"
        .formatted(type, status);
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("X-elastic-product", "Elasticsearch");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Nothing listens behind the proxy: the connection is closed without an answer, as it would. */
  private static final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreachableException(IOException cause) {
      super(cause);
    }
  }
}
