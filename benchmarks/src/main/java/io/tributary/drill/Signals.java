package io.tributary.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Signals to single processes, by their id. */
final class Signals {
  private static final long PATIENCE_SECONDS = 20;

  private Signals() {}

  /**
   * Has the system deliver a signal; comes back when it has taken it, which is not yet when the
   * process shows it.
   *
   * @param signal its name without SIG: {@code KILL}, {@code STOP}, {@code CONT}
   * @throws IOException when there is no such process
   */
  static void send(String signal, long process) throws IOException {
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(signal, process))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IOException(
            "Cannot send SIG%s to process %d: it is gone. See its log.".formatted(signal, process));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while sending SIG" + signal, e);
    }
  }

  /** Stops a process and waits until none of its threads runs any more. */
  static void stop(long process) throws IOException, InterruptedException {
    send("STOP", process);
    awaitStopped(process);
  }

  /** Waits until a process, which stops itself or was told to, has stopped. */
  static void awaitStopped(long process) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isStopped(process)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "Process %d did not stop within %d s.".formatted(process, PATIENCE_SECONDS));
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Whether every thread of the process stands still by a signal. */
  static boolean isStopped(long process) throws IOException {
    Path threads = Path.of("/proc", Long.toString(process), "task");
    if (!Files.isDirectory(threads)) {
      throw new IOException(
          "Cannot see the state of process %d: there is no %s. The drill needs Linux, and the process alive."
              .formatted(process, threads));
    }
    try (var all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String status;
        try {
          status = Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
          continue;
        }
        // The name in brackets may hold anything; the state is the first letter behind it.
        if (status.charAt(status.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }
}
