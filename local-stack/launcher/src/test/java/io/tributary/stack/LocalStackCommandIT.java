package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackCommandIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String[] START = {
    "start",
    "--quick-start",
    "--kafka-port",
    "0",
    "--elasticsearch-port",
    "0",
    "--elasticsearch-heap",
    "512m"
  };

  private Path home;
  private StackCommand command;

  @BeforeEach
  void chooseHome(@TempDir Path folder) {
    home = folder;
    command = new StackCommand(folder);
  }

  @AfterEach
  void stop() throws Exception {
    command.run("stop");
  }

  @Test
  void theBackgroundStackIsToldAboutKilledAndTakenUpAgain() throws Exception {
    assertThat(command.run("status").exitCode()).isEqualTo(1);

    StackCommand.Answer started = command.run(START);
    assertThat(started.exitCode()).as(started.errors()).isZero();
    StackCommand.Answer status = command.run("status", "--json");
    assertThat(status.exitCode()).isZero();
    assertThat(status.output())
        .contains("\"home\":\"" + home + "\"", "\"state\":\"running\"")
        .containsPattern("\"kafka\":\"127\\.0\\.0\\.1:\\d+\"")
        .containsPattern("\"elasticsearch\":\"http://127\\.0\\.0\\.1:\\d+\"");
    assertThat(command.run(START).output()).startsWith("It was already running.");

    String kafka = StackRecord.of(home).orElseThrow().kafka();
    Clients.createTopic(kafka, "kept", Map.of());
    Clients.produce(kafka, "kept", List.of("kept"));

    // Whoever holds the stack is killed and can do nothing about its servers any more.
    Processes killed = Processes.of(status.output());
    killed.supervisor().destroyForcibly();
    assertGone(killed);
    assertThat(command.run("status").exitCode()).isEqualTo(1);

    assertThat(command.run(START).exitCode()).isZero();
    assertThat(StackRecord.of(home).orElseThrow().kafka()).isEqualTo(kafka);
    assertThat(Clients.consume(kafka, "kept")).containsExactly("kept");

    Processes stopped = Processes.of(command.run("status", "--json").output());
    assertThat(command.run("stop").exitCode()).isZero();
    assertThat(stopped.all()).noneMatch(ProcessHandle::isAlive);
    assertThat(command.run("status", "--json").output()).contains("\"state\":\"stopped\"");
  }

  @Test
  void oneServerIsTurnedOffAndOnWhileTheOtherGoesOnAndADeadOneComesBack() throws Exception {
    assertThat(command.run(START).exitCode()).isZero();
    Processes first = Processes.of(command.run("status", "--json").output());

    assertThat(command.run("stop", "elasticsearch").exitCode()).isZero();
    assertThat(first.elasticsearch().isAlive()).isFalse();
    assertThat(first.kafka().isAlive()).isTrue();
    StackCommand.Answer degraded = command.run("status");
    assertThat(degraded.exitCode()).isEqualTo(1);
    assertThat(degraded.output()).contains("degraded: no answer from elasticsearch");

    assertThat(command.run("start", "elasticsearch").exitCode()).isZero();
    assertThat(command.run("status").exitCode()).isZero();

    first.kafka().destroyForcibly();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              StackCommand.Answer status = command.run("status", "--json");
              assertThat(status.exitCode()).isZero();
              assertThat(Processes.of(status.output()).kafka().pid())
                  .isNotEqualTo(first.kafka().pid());
            });
  }

  @Test
  void aForegroundStackEndsWithItsParent() throws Exception {
    Process foreground =
        command.start(
            "start",
            "--quick-start",
            "--kafka-port",
            "0",
            "--elasticsearch-port",
            "0",
            "--elasticsearch-heap",
            "512m",
            "--foreground",
            "--with-parent");
    await().atMost(LIMIT).until(() -> StackStatus.of(home).state() == StackStatus.State.RUNNING);
    Processes running = Processes.of(StackStatus.of(home).json());
    assertThat(running.supervisor().pid()).isEqualTo(foreground.pid());

    foreground.getOutputStream().close();

    assertGone(running);
    assertThat(StackRecord.of(home)).isEmpty();
  }

  private static void assertGone(Processes processes) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(processes.all()).noneMatch(ProcessHandle::isAlive));
  }

  private record Processes(
      ProcessHandle supervisor, ProcessHandle kafka, ProcessHandle elasticsearch) {
    /** The processes that {@code status --json} names. */
    static Processes of(String json) {
      return new Processes(
          process(json, "supervisor"), process(json, "kafka"), process(json, "elasticsearch"));
    }

    List<ProcessHandle> all() {
      return List.of(supervisor, kafka, elasticsearch);
    }

    private static ProcessHandle process(String json, String name) {
      Matcher pid = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
      assertThat(pid.find()).as(json).isTrue();
      return ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
    }
  }
}
