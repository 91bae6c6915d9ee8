package io.tributary.drill;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * Ends what a drill has started when the drill itself is ended by SIGTERM or SIGINT: its jobs would
 * run on, a stopped one for ever, and a mounted disk would stay.
 */
final class SignalEnd implements AutoCloseable {
  /** What is to be done. */
  @FunctionalInterface
  interface CleanUp {
    /** Comes back when nothing is left. */
    void run() throws IOException, InterruptedException;
  }

  private final Thread hook;
  private volatile boolean ending;

  /** From now on until it is closed. */
  SignalEnd(CleanUp cleanUp) {
    hook = new Thread(() -> end(cleanUp), "signal-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void end(CleanUp cleanUp) {
    ending = true;
    System.err.println("Ended by a signal: killing the jobs, stopping the servers …");
    try {
      cleanUp.run();
      System.err.println("No process and no mounted disk of the drill is left.");
    } catch (IOException e) {
      System.err.println(
          "Cannot clean up: %s. Look for processes of the drill and delete its folder."
              .formatted(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for the end of this JVM if it is being ended. Whoever sees something fail asks here
   * first: jobs and servers that vanish then are no finding.
   */
  void letEnd() throws InterruptedException {
    if (ending) {
      new CountDownLatch(1).await();
    }
  }

  /** All is cleaned up in the ordinary way. */
  @Override
  public void close() {
    if (!ending) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal came this moment: the hook finds nothing left to do.
        ending = true;
      }
    }
  }
}
