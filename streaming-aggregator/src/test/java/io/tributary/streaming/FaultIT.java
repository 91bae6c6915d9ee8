package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.event;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.lake.seam.Step;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job fails at every step there is, and is killed at some: nothing is lost, nothing doubled.
 */
class FaultIT {
  private static final int KILLED = 137;
  private static final int KILLS = 6;
  private static final long SEED = 20_261_121;

  /** Steps that every batch passes, so that a kill there needs no waiting. */
  private static final List<Step> KILL_STEPS =
      List.of(
          Step.RECORDS_JUDGED,
          Step.FILES_WRITTEN,
          Step.COMMIT_PREPARED,
          Step.LETTERS_COMMITTED,
          Step.DUPLICATES_COMMITTED,
          Step.EVENTS_COMMITTED,
          Step.BULK_ANSWERED,
          Step.INDEX_POSITION_KEPT);

  private static LocalStack stack;
  private final List<String> ids = new ArrayList<>();
  private final List<String> duplicates = new ArrayList<>();
  private final List<String> letters = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void startStack() {
    stack = SharedLocalStack.running();
  }

  @AfterEach
  void leaveNothing() {
    StepFault.disarm();
    started.forEach(Process::destroyForcibly);
  }

  /**
   * Sends events, repetitions, a conflict and garbage, and remembers what has to become of them.
   */
  private void send(TestSetup setup, String wave) {
    List<String> names = names(wave, 30);
    List<String> records = new ArrayList<>(events(names));
    List<String> again = names.subList(0, 3);
    records.addAll(events(again));
    records.add(event(names.get(5), "{\"n\":2}"));
    records.add("no json of " + wave);
    setup.topic().send(records);
    ids.addAll(names);
    duplicates.addAll(again);
    letters.add("id_conflict conflict " + names.get(5));
    letters.add("not_json decode");
  }

  private boolean hasArrived(TestSetup setup) {
    return setup.lake().ids().size() >= ids.size() && setup.index().ids().size() >= ids.size();
  }

  private void assertExact(TestSetup setup) {
    Collections.sort(ids);
    Collections.sort(duplicates);
    Collections.sort(letters);
    eventually(() -> assertThat(setup.lake().ids()).hasSizeGreaterThanOrEqualTo(ids.size()));
    eventually(() -> assertThat(setup.index().ids()).hasSizeGreaterThanOrEqualTo(ids.size()));
    assertThat(setup.lake().ids()).isEqualTo(ids);
    assertThat(setup.lake().duplicates()).isEqualTo(duplicates);
    assertThat(setup.lake().letters()).isEqualTo(letters);
    assertThat(setup.index().ids()).isEqualTo(ids);
    // The one that came first stands in both places; what came later under its id does not.
    assertThat(setup.lake().texts("events", "params")).containsOnly("{\"n\":1}");
    assertThat(setup.index().count("params.n:2")).isZero();
    eventually(
        () ->
            assertThat(setup.lake().texts("event_counts", "count"))
                .containsExactly(Integer.toString(ids.size())));
  }

  @Test
  void a_failure_at_every_step_loses_and_doubles_nothing(@TempDir Path folder) throws Exception {
    TestSetup setup = setup(folder, "step-failures");
    setup.topic().create();
    send(setup, "first");
    try (StreamingJob job =
        StreamingJob.start(
            StreamingConfiguration.reader(java.util.Map.of()).read(configuration(setup, folder)),
            java.time.Clock.systemUTC())) {
      for (Step step : Step.values()) {
        StepFault.arm(step);
        // Within so many waves every step is passed; some only now and then.
        for (int wave = 0; StepFault.struck() == null && wave < 40; wave++) {
          send(setup, "%s-%d".formatted(step.name().toLowerCase(java.util.Locale.ROOT), wave));
          await("the wave to arrive, or " + step + " to fail")
              .atMost(Duration.ofSeconds(150))
              .pollInterval(Duration.ofMillis(100))
              .ignoreExceptions()
              .until(() -> StepFault.struck() != null || hasArrived(setup));
        }
        assertThat(StepFault.struck()).as("the failure at %s", step).isNotNull();
      }
      assertExact(setup);
    }
  }

  @Test
  void killed_at_six_steps_it_goes_on_without_loss_or_doubles(@TempDir Path folder)
      throws Exception {
    TestSetup setup = setup(folder, "step-kills");
    setup.topic().create();
    Path file = configuration(setup, folder);
    List<Step> steps = new ArrayList<>(KILL_STEPS);
    Collections.shuffle(steps, new Random(SEED));
    for (int kill = 0; kill < KILLS; kill++) {
      for (int wave = 0; wave < 3; wave++) {
        send(setup, "kill-%d-%d".formatted(kill, wave));
      }
      Path struck = folder.resolve("struck-" + kill);

      Process process =
          run(file, folder.resolve("kill-%d.log".formatted(kill)), steps.get(kill), struck);

      assertThat(process.waitFor(240, TimeUnit.SECONDS))
          .as("killed at %s", steps.get(kill))
          .isTrue();
      assertThat(process.exitValue()).isEqualTo(KILLED);
      assertThat(struck).as("the kill at %s was ours", steps.get(kill)).exists();
      if (steps.get(kill) != Step.COMMIT_PREPARED) {
        assertThat(Long.parseLong(Files.readString(struck))).as("in flight").isPositive();
      }
    }
    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      assertExact(setup);
    }
  }

  private static TestSetup setup(Path folder, String name) {
    return new TestSetup(folder, stack.kafka(), stack.elasticsearch(), name);
  }

  /** Small bulks and frequent log checkpoints, so that every step is passed soon. */
  private static Path configuration(TestSetup setup, Path folder) throws IOException {
    Path file = setup.file("");
    return Files.writeString(
        folder.resolve("faults.yml"),
        Files.readString(file)
            .replace("refresh-interval: 200ms", "refresh-interval: 200ms, bulk-entries: 5")
            .replace(
                "trigger: 100ms}\nindex", "trigger: 100ms, log-checkpoint-interval: 2}\nindex"));
  }

  private Process run(Path configuration, Path log, Step step, Path struck) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx1g"));
    Collections.addAll(options, StepFault.killAt(step, 1, struck));
    Process process =
        JobProcess.start(
            options,
            System.getProperty("java.class.path"),
            log,
            List.of("--config", configuration.toString()));
    started.add(process);
    return process;
  }
}
