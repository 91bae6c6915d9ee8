package io.tributary.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationPageTest {
  private final Path checkout = Path.of(System.getProperty("tributary.checkout", ".."));

  @Test
  void thePageIsAsNewAsTheReferenceFiles() throws IOException {
    assertThat(checkout.resolve("docs/configuration.md"))
        .as(
            "docs/configuration.md does not say what conf/*-reference.yml say. Run scripts/docs and"
                + " commit the result")
        .hasContent(ConfigurationPage.of(checkout));
  }

  @Test
  void aKeyCarriesItsSectionsItsCommentItsDefaultAndItsVariable(@TempDir Path folder)
      throws IOException {
    ReferenceFile file =
        read(
            folder,
            """
            # About the file.

            # The broker.
            kafka:
              # Where it is,
              # host:port.
              servers: "${KAFKA:-localhost:9092}"
              options: {}
            # Not a part of kafka.
            limit: 10s
            """);
    assertThat(file.introduction()).isEqualTo("About the file.");
    assertThat(file.settings())
        .containsExactly(
            new Setting("kafka", null, null, "The broker."),
            new Setting("kafka.servers", "localhost:9092", "KAFKA", "Where it is,\nhost:port."),
            new Setting("kafka.options", "{}", null, ""),
            new Setting("limit", "10s", null, "Not a part of kafka."));
  }

  @Test
  void keysInAListSaySo(@TempDir Path folder) throws IOException {
    ReferenceFile file =
        read(
            folder,
            """
            server:
              connectors:
                - type: http
                  port: ${PORT:-8080}
              grace: 30 seconds
            """);
    assertThat(file.settings())
        .extracting(Setting::key)
        .containsExactly(
            "server",
            "server.connectors",
            "server.connectors[].type",
            "server.connectors[].port",
            "server.grace");
  }

  @Test
  void aLineThatIsNotUnderstoodIsNotLeftOut(@TempDir Path folder) {
    assertThatThrownBy(() -> read(folder, "key: >\n  text that goes on\n"))
        .hasMessageContaining("Cannot read the line of a reference file:   text that goes on");
  }

  private static ReferenceFile read(Path folder, String text) throws IOException {
    Path file = folder.resolve("reference.yml");
    Files.writeString(file, text);
    return ReferenceFile.read(file);
  }
}
