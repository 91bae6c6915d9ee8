package io.tributary.stack;

import io.tributary.stack.StackRecord.RecordedProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A stack held by a supervisor in the background, as seen from a command that comes and goes. */
final class DetachedStack {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final Duration SINGLE_SERVER_LIMIT = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Path home;

  DetachedStack(Path home) {
    this.home = home;
  }

  /** Starts a supervisor with these words of the command line, and waits until it holds a stack. */
  void start(StackOptions options, List<String> words) {
    StackStatus before = StackStatus.of(home);
    if (before.state() != StackStatus.State.STOPPED) {
      new ServersOff(home).write(Set.of());
      awaitState(options.startLimit());
      System.out.println("It was already running. " + StackStatus.of(home).screen());
      return;
    }
    Path log = home.resolve("logs/local-stack.log");
    Process supervisor = spawn(words, log);
    while (supervisor.isAlive() && !holds(supervisor)) {
      pause();
    }
    if (!holds(supervisor)) {
      throw new StackException(text(log));
    }
    System.out.println(StackStatus.of(home).screen());
    System.out.println("Stop it with: scripts/local-stack stop --home " + home);
  }

  /** Ends the supervisor and waits until it and both servers are gone. */
  void stop() {
    Optional<StackRecord> found = StackRecord.of(home);
    List<ProcessHandle> processes =
        found.stream()
            .flatMap(
                record ->
                    List.of(
                        record.supervisor(), record.kafkaProcess(), record.elasticsearchProcess())
                        .stream())
            .map(RecordedProcess::alive)
            .flatMap(Optional::stream)
            .toList();
    if (processes.isEmpty()) {
      System.out.println("No local stack is running in " + home + ".");
      return;
    }
    // The supervisor comes first in the list, if it lives, and ends the servers itself.
    processes.get(0).destroy();
    for (ProcessHandle process : processes) {
      awaitEnd(process);
    }
    System.out.println("The local stack in " + home + " is stopped.");
  }

  /** Starts a server that was turned off, and waits until it answers. */
  void turnOn(Server server) {
    requireSupervisor();
    ServersOff off = new ServersOff(home);
    Set<Server> servers = off.read();
    servers.remove(server);
    off.write(servers);
    await(server.code() + " did not answer", SINGLE_SERVER_LIMIT, () -> answers(server));
    System.out.println(StackStatus.of(home).screen());
  }

  /** Stops a server while the other goes on, and waits until it is gone. */
  void turnOff(Server server) {
    requireSupervisor();
    ServersOff off = new ServersOff(home);
    Set<Server> servers = off.read();
    servers.add(server);
    off.write(servers);
    await(server.code() + " did not end", SINGLE_SERVER_LIMIT, () -> isGone(server));
    System.out.println(
        server.code() + " is off. Start it with: scripts/local-stack start " + server.code());
  }

  private Process spawn(List<String> words, Path log) {
    List<String> command = new ArrayList<>(outsideOfThisTerminal());
    command.add(JavaProgram.path());
    command.add("-Xmx64m");
    command.add("-XX:+UseSerialGC");
    String checkout = System.getProperty("tributary.checkout");
    if (checkout != null) {
      command.add("-Dtributary.checkout=" + checkout);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(LocalStackMain.class.getName());
    command.addAll(words);
    command.add("--foreground");
    try {
      Files.createDirectories(home.resolve("logs"));
      return new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException failed) {
      throw new StackException(
          "Cannot start a stack in %s: %s. Correct owner and mode of that folder, or choose another home."
              .formatted(home, failed),
          failed);
    }
  }

  /**
   * Words before a command that keep it from getting the terminal's signals, where there are any.
   */
  private static List<String> outsideOfThisTerminal() {
    List<String> folders =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .toList();
    for (String word : List.of("setsid", "nohup")) {
      for (String folder : folders) {
        Path program = Path.of(folder, word);
        if (Files.isExecutable(program)) {
          return List.of(program.toString());
        }
      }
    }
    return List.of();
  }

  private boolean holds(Process supervisor) {
    return StackRecord.of(home)
        .filter(record -> record.state() == StackRecord.State.READY)
        .filter(record -> record.supervisor().pid() == supervisor.pid())
        .isPresent();
  }

  private void awaitState(Duration limit) {
    await(
        "the stack did not come up",
        limit,
        () -> {
          StackStatus.State state = StackStatus.of(home).state();
          return state == StackStatus.State.RUNNING || state == StackStatus.State.STOPPED;
        });
    if (StackStatus.of(home).state() == StackStatus.State.STOPPED) {
      throw new StackException(
          "The stack in " + home + " ended while it was waited for. Start it again.");
    }
  }

  private void requireSupervisor() {
    if (StackStatus.of(home).state() == StackStatus.State.STOPPED) {
      throw new StackException(
          "No local stack is running in %s. Start it with scripts/local-stack start."
              .formatted(home));
    }
  }

  private boolean answers(Server server) {
    return StackRecord.of(home).filter(record -> record.answers(server)).isPresent();
  }

  private boolean isGone(Server server) {
    return StackRecord.of(home).flatMap(record -> record.process(server).alive()).isEmpty();
  }

  private void await(String complaint, Duration limit, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(limit);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        throw new StackException(
            "Waited %d s in vain: %s. See the logs in %s."
                .formatted(limit.toSeconds(), complaint, home.resolve("logs")));
      }
      pause();
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException stuck) {
      process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted. The stack goes on starting; see status.", interrupted);
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log).strip();
    } catch (IOException unreadable) {
      return "Cannot start a stack: its supervisor ended and left no log. Try --foreground.";
    }
  }
}
