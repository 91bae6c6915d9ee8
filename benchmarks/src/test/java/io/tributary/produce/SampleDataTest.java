package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample in {@code data/} is what the generator makes; its README tells the command. */
class SampleDataTest {
  private static final Path DATA = Path.of(System.getProperty("tributary.checkout", "."), "data");

  @Test
  void theSampleIsMadeByTheCommandOfItsReadme(@TempDir Path folder) throws IOException {
    Path events = folder.resolve("events.ndjson.gz");
    Path manifest = folder.resolve("manifest.ndjson");
    String command =
        Files.readAllLines(DATA.resolve("README.md")).stream()
            .filter(line -> line.strip().startsWith("scripts/produce --seed"))
            .findFirst()
            .orElseThrow()
            .strip();
    String[] arguments =
        command
            .substring("scripts/produce ".length())
            .replace("data/sample-events.ndjson.gz", events.toString())
            .replace("data/sample-events.manifest.ndjson", manifest.toString())
            .split(" ");

    assertThat(ProduceMain.run(arguments)).isZero();

    assertThat(lines(events)).isEqualTo(lines(DATA.resolve("sample-events.ndjson.gz")));
    assertThat(lines(manifest)).isEqualTo(lines(DATA.resolve("sample-events.manifest.ndjson")));
    assertThat(lines(events)).hasSize(5_000);
  }

  private static List<String> lines(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (FileRecords records = new FileRecords(file)) {
      for (byte[] line = records.next(); line != null; line = records.next()) {
        lines.add(new String(line, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return lines;
  }
}
