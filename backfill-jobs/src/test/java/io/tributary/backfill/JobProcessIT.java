package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own: its exit codes, and what a signal does. */
class JobProcessIT {
  private static final int TERMINATED = 143;

  private static LocalStack stack;
  private final List<Process> started = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void name(@TempDir Path empty) {
    folder = empty;
  }

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process run(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Duser.timezone"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            List.of(System.getProperty("java.class.path").split(":")).stream()
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(":")),
            BackfillJobs.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    return process;
  }

  @Test
  void a_terminated_import_says_so_in_the_ledger_and_goes_on_without_loss_or_doubles()
      throws Exception {
    TestPlace place = new TestPlace(folder, stack.elasticsearch(), "terminated");
    List<String> ids = IntStream.range(0, 200_000).mapToObj("e-%06d"::formatted).toList();
    Path file =
        Files.write(
            folder.resolve("many.ndjson"),
            ids.stream()
                .map(
                    id ->
                        "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"2016-06-10T01:02:03Z\"}"
                            .formatted(id))
                .toList());
    Path log = folder.resolve("import.log");
    String config = place.file("").toString();

    Process terminated = run(log, "import", file.toString(), "--config", config);
    await()
        .atMost(Duration.ofSeconds(180))
        .until(() -> Files.readString(log).contains("100000 lines, 100000 rows"));
    terminated.destroy();
    assertThat(terminated.waitFor(90, TimeUnit.SECONDS)).as("the process ends").isTrue();
    assertThat(terminated.exitValue()).isEqualTo(TERMINATED);
    assertThat(place.texts("ledger", "get_json_object(detail, '$.state')"))
        .containsExactly("started", "stopped");
    assertThat(place.texts("events", "event_id"))
        .hasSizeBetween(100_000, 199_999)
        .doesNotHaveDuplicates();

    Process again = run(log, "import", file.toString(), "--config", config);
    assertThat(again.waitFor(240, TimeUnit.SECONDS)).as("the process ends").isTrue();
    assertThat(again.exitValue()).isZero();
    assertThat(place.texts("events", "event_id")).isEqualTo(ids);
    assertThat(place.run("audit", "--repair", "--digests-only").code()).isZero();
    assertThat(place.run("audit", "--digests-only").output())
        .contains("lake 200000 events, index 200000 documents, no difference");
  }
}
