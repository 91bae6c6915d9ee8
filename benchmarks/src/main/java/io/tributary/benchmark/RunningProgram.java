package io.tributary.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the shipped scripts, running as a process until it is closed. */
final class RunningProgram implements AutoCloseable {
  private static final long STOP_SECONDS = 90;

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread killed;

  private RunningProgram(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.killed = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killed);
  }

  /**
   * Starts {@code scripts/NAME} of this checkout.
   *
   * @param settings its environment, on top of ours
   */
  static RunningProgram start(
      String name, List<String> arguments, Map<String, String> settings, Path log)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("tributary.checkout"), "scripts", name).toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(settings);
    return new RunningProgram(name, log, builder.start());
  }

  /** A port of this machine that nobody uses now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** CPU time so far, in seconds. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(0.0);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  void requireRunning() throws BenchmarkFailedException {
    if (!process.isAlive()) {
      throw new BenchmarkFailedException(
          "Cannot measure: %s ended with %d. See %s.".formatted(name, process.exitValue(), log));
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(killed);
  }
}
