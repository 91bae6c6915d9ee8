package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Lists;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process, as it is run. */
class ProcessIT {
  /** 128 and the number of the signal, as a shell counts. */
  private static final int TERMINATED = 143;

  private static final int KILLED = 137;

  private static LocalStack stack;
  private final List<Process> started = new ArrayList<>();
  private Path folder;

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  @BeforeEach
  void keep(@TempDir Path empty) {
    folder = empty;
  }

  @AfterEach
  void leaveNothingRunning() {
    started.forEach(Process::destroyForcibly);
  }

  private Process run(Path log, String... arguments) throws IOException {
    return runWithHeap("1g", log, arguments);
  }

  private Process runWithHeap(String heap, Path log, String... arguments) throws IOException {
    Process process =
        JobProcess.start(
            List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"),
            mainClassPath(),
            log,
            List.of(arguments));
    started.add(process);
    return process;
  }

  /** Without the folders of the tests. */
  private static String mainClassPath() {
    return String.join(
        ":",
        List.of(System.getProperty("java.class.path").split(":")).stream()
            .filter(entry -> !entry.endsWith("test-classes"))
            .toList());
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the process ends").isTrue();
    return process.exitValue();
  }

  /** What a command has printed, without what the JVM says of Spark's options. */
  private static List<String> said(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
        .toList();
  }

  private TestSetup setup(String name) {
    return new TestSetup(folder, stack.kafka(), stack.elasticsearch(), name);
  }

  /** Starts on many records in small batches and comes back in the midst of them. */
  private Process runIntoTheMidst(TestSetup setup, Path log) throws IOException {
    Path file = setup.file("");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("trigger: 100ms", "trigger: 0ms, max-offsets-per-trigger: 200"));
    Process process = run(log, "--config", file.toString());
    eventually(() -> assertThat(Files.readString(log)).contains("lake batch 1:", "index batch "));
    return process;
  }

  private void finishAndCompare(TestSetup setup, List<String> names) throws Exception {
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(setup.lake().ids()).hasSizeGreaterThanOrEqualTo(names.size()));
      eventually(() -> assertThat(setup.index().ids()).hasSizeGreaterThanOrEqualTo(names.size()));
      assertThat(setup.lake().ids()).isEqualTo(names);
      assertThat(setup.index().ids()).isEqualTo(names);
      assertThat(setup.lake().duplicates()).isEmpty();
      assertThat(setup.lake().letters()).isEmpty();
    }
  }

  @Test
  void killed_and_terminated_in_the_midst_of_batches_it_goes_on_without_loss_or_doubles()
      throws Exception {
    TestSetup setup = setup("signals");
    List<String> names = names("e", 6_000);
    setup.topic().create().send(events(names));

    Process killed = runIntoTheMidst(setup, folder.resolve("killed.log"));
    killed.destroyForcibly();
    assertThat(exitCode(killed)).isEqualTo(KILLED);

    Path log = folder.resolve("terminated.log");
    Process terminated = runIntoTheMidst(setup, log);
    terminated.destroy();
    assertThat(exitCode(terminated)).isEqualTo(TERMINATED);
    assertThat(Files.readAllLines(log)).last().asString().contains("StreamingJob: Stopped");
    assertThat(Files.readString(log))
        .contains("Stopping: the running batches are finished first")
        .doesNotContain("ERROR", "cut off");
    assertThat(setup.index().status("lake").path("state").asText()).isEqualTo("stopped");

    assertThat(setup.lake().ids()).hasSizeBetween(400, 5_999).doesNotHaveDuplicates();
    finishAndCompare(setup, names);
  }

  @Test
  void of_two_jobs_on_one_lake_the_second_goes_on_and_the_first_ends_and_names_it()
      throws Exception {
    TestSetup setup = setup("two-jobs");
    setup.topic().create().send(events(names("a", 5)));
    // One configuration for both, with one folder of checkpoints, as two containers would have it.
    String file = setup.file("").toString();
    Path firstLog = folder.resolve("first.log");
    Process first = run(firstLog, "--config", file);
    eventually(() -> assertThat(Files.readString(firstLog)).contains("lake batch 0:"));
    Path secondLog = folder.resolve("second.log");
    Process second = run(secondLog, "--config", file);
    // Nothing flows: the first is between two batches when it is overtaken.
    eventually(
        () ->
            assertThat(setup.preflight("").text())
                .contains("last written by process " + second.pid()));
    setup.topic().send(events(names("b", 5)));

    assertThat(exitCode(first)).isEqualTo(1);
    assertThat(Files.readString(firstLog))
        .contains("another streaming job took it over", "process " + second.pid());
    setup.topic().send(events(names("c", 5)));
    List<String> all = new ArrayList<>(names("a", 5));
    all.addAll(names("b", 5));
    all.addAll(names("c", 5));
    eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all));
    assertThat(second.isAlive()).isTrue();
    assertThat(setup.lake().duplicates()).isEmpty();
  }

  @Test
  void a_batch_that_is_larger_than_the_memory_is_written_whole() throws Exception {
    TestSetup setup = setup("large");
    List<String> names = names("e", 12_000);
    String text = "x".repeat(50_000);
    setup.topic().create();
    for (List<String> some : Lists.partition(names, 500)) {
      setup
          .topic()
          .send(
              some.stream()
                  .map(
                      name ->
                          "{\"event_id\":\"%s\",\"event_type\":\"page\",\"ts\":\"2026-01-02T10:00:00Z\",\"params\":{\"text\":\"%s\"}}"
                              .formatted(name, text))
                  .toList());
    }
    Path log = folder.resolve("job.log");

    Process process =
        runWithHeap("512m", log, "--config", setup.file("").toString(), "--queries", "lake");

    eventually(() -> assertThat(Files.readString(log)).contains("lake batch 0: 12000 in"));
    process.destroy();
    assertThat(exitCode(process)).isEqualTo(TERMINATED);
    assertThat(Files.readString(log)).contains("Persisting block").doesNotContain("ERROR");
    assertThat(setup.lake().ids()).isEqualTo(names);
  }

  @Test
  void a_configuration_with_problems_is_refused_with_all_of_them() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bad.yml"), "lake: {triger: 1s}\nindex: {shards: many}\nfoo: 1\n");
    Path log = folder.resolve("job.log");

    assertThat(exitCode(run(log, "--config", file.toString()))).isEqualTo(2);

    assertThat(Files.readString(log))
        .contains(
            file.toString(),
            "3 problems",
            "unknown key lake.triger. Did you mean lake.trigger?",
            "index.shards: many (must be a whole number below 2147483648)",
            "unknown key foo")
        .doesNotContain("\tat ");
  }

  @Test
  void a_command_says_of_servers_that_do_not_answer_its_own_sentences_and_nothing_else()
      throws Exception {
    String nobody = "localhost:1";
    String file = new TestSetup(folder, nobody, "http://" + nobody, "nobody").file("").toString();
    Path preflight = folder.resolve("preflight.log");
    Path status = folder.resolve("status.log");

    assertThat(exitCode(run(preflight, "--preflight", "--config", file))).isZero();
    assertThat(exitCode(run(status, "status", "--config", file))).isEqualTo(1);

    assertThat(said(preflight))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("lake ").contains("nothing is committed"),
            line -> assertThat(line).startsWith("events: would be made at "),
            line ->
                assertThat(line)
                    .startsWith("kafka: Cannot list the topics: Kafka at localhost:1 ")
                    .contains("does not answer", "kafka.bootstrap-servers is right")
                    .endsWith("A start would wait for it."),
            line -> assertThat(line).isEqualTo("A start would run."));
    assertThat(said(status))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("lake ").endsWith("nothing committed yet"),
            line ->
                assertThat(line)
                    .startsWith("Cannot read the status documents: Elasticsearch at ")
                    .contains("does not answer"));
  }

  @Test
  void a_preflight_says_that_no_name_of_kafka_can_be_resolved() throws Exception {
    String file =
        new TestSetup(folder, "kafka.invalid:9092", "http://localhost:1", "nobody")
            .file("")
            .toString();
    Path log = folder.resolve("preflight.log");

    assertThat(exitCode(run(log, "preflight", "--config", file))).isEqualTo(1);

    assertThat(said(log))
        .hasSize(4)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "No client for Kafka at kafka.invalid:9092 can be made",
                        "Check kafka.bootstrap-servers"))
        .last()
        .isEqualTo("A start would NOT run; see above.");
  }

  @Test
  void an_unknown_option_is_refused() throws Exception {
    Path log = folder.resolve("job.log");

    assertThat(exitCode(run(log, "--configuration", "x"))).isEqualTo(2);

    assertThat(Files.readString(log)).contains("Unknown option");
  }
}
