package io.tributary.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The streaming job and the API, started by the scripts that users call. */
final class RunningPrograms implements AutoCloseable {
  private static final Path CHECKOUT =
      Path.of(System.getProperty("tributary.checkout", "..")).toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<String, String> environment;
  private final Path home;
  private final int apiPort = freePort();
  private final int adminPort = freePort();
  private final List<Process> running = new ArrayList<>();

  private RunningPrograms(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** Starts both and waits until the API answers. */
  static RunningPrograms start(Map<String, String> environment, Path home) throws IOException {
    RunningPrograms programs = new RunningPrograms(environment, home);
    programs.running.add(programs.process("streaming-aggregator"));
    programs.running.add(programs.process("api"));
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest live =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/healthcheck/live".formatted(programs.adminPort)))
            .build();
    Awaitility.await("the API answers")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> client.send(live, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
    return programs;
  }

  String apiUrl() {
    return "http://127.0.0.1:" + apiPort;
  }

  /** Runs a script to its end; its output is the message when it fails. */
  void run(String script, String... arguments) throws IOException, InterruptedException {
    Path log = Files.createTempFile(home, script, ".log");
    Process process = builder(log, script, arguments).start();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "scripts/%s %s failed: %s".formatted(script, List.of(arguments), Files.readString(log)));
    }
  }

  /** The end of the programs' logs, for the message of a failed test. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (String program : List.of("streaming-aggregator", "api")) {
      try {
        List<String> lines = Files.readAllLines(home.resolve(program + ".log"));
        text.append(program).append(":\n");
        lines
            .subList(Math.max(0, lines.size() - 20), lines.size())
            .forEach(line -> text.append("  ").append(line).append('\n'));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }

  private Process process(String script) throws IOException {
    return builder(home.resolve(script + ".log"), script).start();
  }

  private ProcessBuilder builder(Path log, String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(CHECKOUT.resolve("scripts").resolve(script).toString());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("TRIBUTARY_HOME", home.toString());
    builder.environment().put("TRIBUTARY_API_PORT", Integer.toString(apiPort));
    builder.environment().put("TRIBUTARY_ADMIN_PORT", Integer.toString(adminPort));
    builder.environment().put("TRIBUTARY_METRICS_PORT", "0");
    return builder;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM, as an operator would; SIGKILL for what does not end. */
  @Override
  public void close() throws InterruptedException {
    running.forEach(Process::destroy);
    for (Process process : running) {
      if (!process.waitFor(90, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
