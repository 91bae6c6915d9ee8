package io.tributary.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One server in a JVM of its own. Its standard input is a pipe that only this JVM holds, so that it
 * ends when this JVM does. Thread-safe.
 */
final class ServerProcess {
  private static final Duration CLEAN_STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int TAIL_LINES = 12;

  /** Frames would push the sentences that say what is wrong out of the tail. */
  private static final Predicate<String> STACK_FRAME =
      Pattern.compile("\\s+(at |\\.\\.\\. \\d+ ).*").asMatchPredicate();

  /** Asks the server something only a ready one answers. */
  @FunctionalInterface
  interface Readiness {
    /** Returns normally when the server is ready; else throws, the message saying what came. */
    void check() throws IOException;
  }

  private final String name;
  private final List<String> command;
  private final Path log;
  private final Path output;
  private final Readiness readiness;
  private @Nullable Process process;

  /**
   * Describes a server without starting it.
   *
   * @param name as people call it, {@code Kafka}
   * @param log the file the server itself logs to
   */
  ServerProcess(String name, List<String> command, Path log, Readiness readiness) {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
    this.output = log.resolveSibling(log.getFileName() + ".out");
    this.readiness = readiness;
  }

  /** Starts the process without waiting for it to answer. */
  synchronized void spawn() {
    if (isRunning()) {
      throw new StackException("Cannot start " + name + ": it is running. Stop it first.");
    }
    try {
      Files.createDirectories(log.getParent());
      // The tail shown after a failure must come from this start.
      Files.deleteIfExists(log);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException failed) {
      throw new StackException(
          "Cannot start %s: %s. See that %s can be written and that %s runs."
              .formatted(name, failed.getMessage(), log.getParent(), command.get(0)),
          failed);
    }
  }

  /** Waits until the server answers; kills it when it does not within {@code limit}. */
  void awaitReady(Duration limit) {
    Process started = started();
    Instant deadline = Instant.now().plus(limit);
    String last = "it was not asked";
    while (Instant.now().isBefore(deadline)) {
      if (!started.isAlive()) {
        throw failedStart("its process ended with exit code " + started.exitValue());
      }
      try {
        readiness.check();
        return;
      } catch (IOException notYet) {
        last = String.valueOf(notYet.getMessage());
      }
      pause(started);
    }
    kill();
    throw failedStart("it did not answer within " + limit.toSeconds() + " s (" + last + ")");
  }

  /** True when the server answers right now. */
  boolean answers() {
    try {
      readiness.check();
      return true;
    } catch (IOException silent) {
      return false;
    }
  }

  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** The process id; fails when the server has never been started. */
  long pid() {
    return started().pid();
  }

  /** Asks the process to end and waits for it, by force after 20 s. */
  void stop() {
    Process running = current();
    if (running == null) {
      return;
    }
    running.destroy();
    awaitEnd(running, CLEAN_STOP_LIMIT);
    kill();
  }

  /** Ends the process at once, as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    Process running = current();
    if (running == null) {
      return;
    }
    running.destroyForcibly();
    awaitEnd(running, CLEAN_STOP_LIMIT);
  }

  /** How the process ended, for people. */
  String end() {
    Process ended = started();
    return ended.isAlive() ? "running" : "exit code " + ended.exitValue();
  }

  private synchronized @Nullable Process current() {
    return process;
  }

  private Process started() {
    Process any = current();
    if (any == null) {
      throw new StackException(name + " has not been started. Start it first.");
    }
    return any;
  }

  private StackException failedStart(String reason) {
    List<String> tail = tail();
    StartFailure failure = StartFailure.in(tail);
    return new StackException(
        "Cannot start %s: %s%s. %s%nThe last lines of %s:%n%s"
            .formatted(
                name,
                reason,
                failure.cause(),
                failure.remedy(),
                Files.exists(log) ? log : output,
                tail.stream()
                    .map(line -> "  " + line)
                    .collect(Collectors.joining(System.lineSeparator()))));
  }

  private List<String> tail() {
    List<String> lines = new ArrayList<>();
    for (Path file : List.of(log, output)) {
      try {
        if (Files.exists(file)) {
          List<String> all =
              Files.readAllLines(file).stream().filter(line -> !STACK_FRAME.test(line)).toList();
          lines.addAll(all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
        }
      } catch (IOException unreadable) {
        lines.add("(" + file + " cannot be read: " + unreadable.getMessage() + ")");
      }
    }
    return lines;
  }

  private static void pause(Process process) {
    awaitEnd(process, POLL);
  }

  private static void awaitEnd(Process process, Duration limit) {
    try {
      process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for a server. Start again.", interrupted);
    }
  }
}
