package io.tributary.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A streaming job that runs, with an intruder in it that carries out its order. */
final class JobProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final Path log;
  private final Path orders;

  JobProcess(Process process, Path log, Path orders) {
    this.process = process;
    this.log = log;
    this.orders = orders;
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Whether it ended as kill -9 ends a process. */
  boolean wasKilled() {
    return !process.isAlive() && process.exitValue() == KILLED;
  }

  /** How it ended; its end must have come. */
  int exitCode() {
    return process.exitValue();
  }

  /** That its order was carried out. */
  java.util.Optional<Order.Struck> struck() throws IOException {
    return Order.struck(orders);
  }

  /** Lets it go on that its order holds. */
  void release() throws IOException {
    Order.release(orders);
  }

  /** Its end is none that was ordered. */
  void requireRunning() throws DrillFailedException {
    if (!process.isAlive()) {
      throw new DrillFailedException(
          "The job ended by itself with %d. See %s.".formatted(process.exitValue(), log));
    }
  }

  /** How long its log is now, in bytes. */
  long logged() throws IOException {
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /** Whether its log holds one of these texts behind that length. */
  boolean hasLoggedSince(long length, String... texts) throws IOException {
    byte[] all = Files.readAllBytes(log);
    String since =
        new String(all, (int) length, all.length - (int) length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(texts).anyMatch(since::contains);
  }

  Path log() {
    return log;
  }

  /** SIGKILL; comes back when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; SIGKILL for one that does not end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
