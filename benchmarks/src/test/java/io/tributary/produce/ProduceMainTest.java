package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.produce.Expectation.End;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProduceMainTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-06-01T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--count -1               | Invalid --count: -1 (must not be negative).",
        "--rate -1                | Invalid --rate: -1.0 (must not be negative).",
        "--duplicates 2           | Invalid duplicates: 2.0 (a share between 0 and 1).",
        "--start yesterday        | Invalid --start: yesterday (a time like 2026-01-15T09:00:00Z).",
        "--span 6h                | Invalid --span: 6h (a duration like PT6H, PT30M, P2D).",
        "--count 0 --span PT6H    | Invalid --span: it needs a --count that it is divided by.",
        "--type-field t           | need a --file.",
        "--file f --type a --type-field t | Invalid --type: there is a --type-field already.",
        "--http x --output y      | Invalid --output: there is an --http already.",
        "--cuont 5                | Unknown options: '--cuont', '5'",
      })
  void wrongOptionsAreRefusedWithTheReason(String options, String reason) {
    StringWriter err = new StringWriter();

    int exitCode =
        new CommandLine(new ProduceMain(CLOCK))
            .setErr(new PrintWriter(err))
            .execute(options.strip().split(" +"));

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains(reason.strip());
  }

  @Test
  void generatedEventsEndNow(@TempDir Path folder) throws IOException {
    Path manifest = folder.resolve("manifest.ndjson");

    produce(
        "--count",
        "10",
        "--duplicates",
        "0",
        "--late",
        "0",
        "--manifest",
        manifest.toString(),
        "--output",
        folder.resolve("out.ndjson").toString());

    long now = CLOCK.millis() * 1_000;
    assertThat(lines(manifest))
        .extracting(Manifest.Line::tsMicros)
        .startsWith(now - 10_000)
        .endsWith(now - 1_000);
  }

  @Test
  void aFileOfAnotherSystemGoesThroughWithItsManifest(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("in.ndjson");
    Path output = folder.resolve("out.ndjson");
    Path manifest = folder.resolve("manifest.ndjson");
    Files.writeString(
        input,
        "{\"id\":\"a\",\"type\":\"Push\",\"at\":1}\n\n"
            + "{\"id\":\"a\",\"type\":\"Push\",\"at\":1}\n{\"id\":\"b\",\"at\":1}\n");

    produce(
        "--file",
        input.toString(),
        "--type-field",
        "type",
        "--time-field",
        "at",
        "--id-field",
        "id",
        "--output",
        output.toString(),
        "--manifest",
        manifest.toString());

    assertThat(Files.readAllLines(output))
        .containsExactly(
            "{\"event_id\":\"a\",\"event_type\":\"Push\",\"ts\":1}",
            "{\"event_id\":\"a\",\"event_type\":\"Push\",\"ts\":1}",
            "{\"event_id\":\"b\",\"ts\":1}");
    assertThat(lines(manifest))
        .extracting(Manifest.Line::end, Manifest.Line::reason, Manifest.Line::eventId)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(End.ROW, null, "a"),
            org.assertj.core.groups.Tuple.tuple(End.DUPLICATE, null, "a"),
            org.assertj.core.groups.Tuple.tuple(End.DEAD_LETTER, "missing_event_type", "b"));
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    StringWriter err = new StringWriter();
    int exitCode =
        ProduceMain.command(CLOCK)
            .setErr(new PrintWriter(err))
            .execute("--file", folder.resolve("none.ndjson").toString(), "--output", "/dev/null");

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("Cannot read events from " + folder.resolve("none.ndjson"))
        .contains("Give a file of one JSON object a line");
  }

  private static void produce(String... arguments) {
    assertThat(ProduceMain.command(CLOCK).execute(arguments)).isZero();
  }

  private static List<Manifest.Line> lines(Path manifest) throws IOException {
    List<Manifest.Line> lines = new ArrayList<>();
    Manifest.read(manifest, lines::add);
    return lines;
  }
}
