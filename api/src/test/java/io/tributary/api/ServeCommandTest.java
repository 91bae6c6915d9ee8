package io.tributary.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.tributary.api.config.ApiConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
  @TempDir Path folder = Path.of("");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "kafkas: {}|Unrecognized field at: kafkas",
        "topic: {partitions: 0}|topic.partitions must be greater than or equal to 1",
        "kafka: [|Malformed YAML",
        "fields: [{name: A, path: a, type: long}]|Invalid field name: A",
      })
  void saysWhatIsWrongWithTheConfigurationAndEndsWith2(String yaml, String message)
      throws IOException {
    Failure failure = serve(Files.writeString(folder.resolve("api.yml"), yaml));
    assertThat(failure.exitCode).isEqualTo(2);
    assertThat(failure.message).contains("api.yml").contains(message).doesNotContain("\tat ");
  }

  @Test
  void saysThatTheFileIsMissingAndEndsWith2() {
    Failure failure = serve(folder.resolve("absent.yml"));
    assertThat(failure.exitCode).isEqualTo(2);
    assertThat(failure.message)
        .startsWith("Cannot read the configuration: ")
        .contains("absent.yml")
        .doesNotContain("\tat ");
  }

  @Test
  void saysThatThePortIsTakenAndEndsWith1() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String yaml =
          "server: {applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}],"
                  .formatted(taken.getLocalPort())
              + " adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]}\n"
              + "logging: {level: \"OFF\"}\n";
      Failure failure = serve(Files.writeString(folder.resolve("api.yml"), yaml));
      assertThat(failure.exitCode).isEqualTo(1);
      assertThat(failure.message)
          .startsWith("Cannot start the API: ")
          .contains(Integer.toString(taken.getLocalPort()))
          .contains("TRIBUTARY_API_PORT")
          .doesNotContain("\tat ");
    }
  }

  private static Failure serve(Path file) {
    ApiApplication application = new ApiApplication();
    Bootstrap<ApiConfiguration> bootstrap = new Bootstrap<>(application);
    application.addDefaultCommands(bootstrap);
    application.initialize(bootstrap);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            new JarLocation(ServeCommandTest.class),
            bootstrap,
            new ByteArrayOutputStream(),
            errors);
    Throwable failure = cli.run("server", file.toString()).orElseThrow();
    return new Failure(ApiApplication.exitCode(failure), errors.toString(UTF_8));
  }

  private record Failure(int exitCode, String message) {}
}
