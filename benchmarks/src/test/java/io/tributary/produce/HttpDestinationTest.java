package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tributary.produce.Expectation.End;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that answers what the test tells it to. */
class HttpDestinationTest {
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> bodies = new ArrayList<>();
  private HttpServer server = start();

  private record Answer(int status, String body) {}

  private HttpServer start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      started.createContext(
          "/v1/events",
          exchange -> {
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Answer answer = answers.remove();
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(answer.status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      return started;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void startServer() {
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void whatTheApiAcceptsAndRefusesIsNotedDownInOrder(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("in.ndjson");
    Path manifest = folder.resolve("manifest.ndjson");
    Files.writeString(
        input,
        "{\"event_id\":\"a\",\"event_type\":\"t\",\"ts\":1}\n"
            + " \n"
            + "not json\n"
            + "{\"event_type\":\"t\",\"ts\":2}\n"
            + "{\"event_id\":\"a\",\"event_type\":\"t\",\"ts\":1}\n");
    answers.add(
        new Answer(
            202,
            "{\"accepted\":2,\"event_ids\":[\"a\",\"assigned\"],"
                + "\"rejected\":[{\"index\":1,\"reason\":\"not_json\",\"detail\":\"d\"}]}"));
    answers.add(new Answer(503, "{}"));
    answers.add(new Answer(202, "{\"accepted\":1,\"event_ids\":[\"a\"],\"rejected\":[]}"));

    int exitCode =
        command(
            new StringWriter(),
            "--file",
            input.toString(),
            "--http-batch",
            "3",
            "--manifest",
            manifest.toString());

    assertThat(exitCode).isZero();
    assertThat(bodies).hasSize(3);
    assertThat(bodies.get(0)).endsWith("not json\n{\"event_type\":\"t\",\"ts\":2}\n");
    assertThat(bodies.get(1)).isEqualTo(bodies.get(2));
    List<Manifest.Line> lines = new ArrayList<>();
    Manifest.read(manifest, lines::add);
    assertThat(lines)
        .extracting(Manifest.Line::eventId, Manifest.Line::end)
        .containsExactly(
            Tuple.tuple("a", End.ROW),
            Tuple.tuple(null, End.DEAD_LETTER),
            Tuple.tuple("assigned", End.ROW),
            Tuple.tuple("a", End.DUPLICATE));
  }

  @Test
  void anAnswerThatIsNoneOfTheApiSaysSo() {
    StringWriter err = new StringWriter();
    answers.add(new Answer(404, "{\"detail\":\"no such route\"}"));

    assertThat(command(err, "--count", "1")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("Cannot post events to http://")
        .contains("it answered 404 no such route. Check that the API runs there");
  }

  private int command(StringWriter err, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--http");
    all.add("http://127.0.0.1:" + server.getAddress().getPort());
    return ProduceMain.command(Clock.systemUTC())
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
