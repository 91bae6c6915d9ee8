package io.tributary.stack.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends this process when the one that started it is gone.
 *
 * <p>The parent holds the writing end of this process's standard input and never writes to it. The
 * operating system closes that end however the parent dies, by {@code kill -9} too, so the end of
 * the stream is the one sign that cannot be missed; a shutdown hook in the parent could be.
 */
public final class ParentWatch {
  private static final Duration CLEAN_STOP_LIMIT = Duration.ofSeconds(8);

  private ParentWatch() {}

  /**
   * Starts watching {@code input}; at its end the process stops cleanly, or is halted after 8 s.
   */
  public static void on(InputStream input) {
    daemon("parent-watch", () -> awaitEnd(input));
  }

  private static void awaitEnd(InputStream input) {
    try {
      while (input.read() >= 0) {
        // The parent writes nothing; whatever comes is no reason to stop.
      }
    } catch (IOException broken) {
      // A broken pipe says the same as its end.
    }
    System.err.println("The process that started this server is gone: stopping.");
    daemon("halt", ParentWatch::haltWhenStuck);
    System.exit(0);
  }

  private static void haltWhenStuck() {
    try {
      Thread.sleep(CLEAN_STOP_LIMIT.toMillis());
    } catch (InterruptedException interrupted) {
      // Nobody interrupts it; halting early would be right then too.
    }
    Runtime.getRuntime().halt(1);
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
