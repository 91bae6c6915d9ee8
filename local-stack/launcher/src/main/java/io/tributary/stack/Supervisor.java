package io.tributary.stack;

import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a stack until it is told to end: keeps the wanted servers running, starts one again that
 * died, and stops and starts single ones as {@link ServersOff} says.
 */
final class Supervisor {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration END_LIMIT = Duration.ofSeconds(45);

  /** A server that dies this often has a reason that a further start won't cure. */
  private static final int RESTART_LIMIT = 5;

  private final StackOptions options;
  private final PrintStream out;
  private final CountDownLatch endWanted = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Set<Server> offBefore = EnumSet.noneOf(Server.class);
  private volatile boolean holding;
  private int restarts;

  Supervisor(StackOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /**
   * Starts both servers, holds them until {@link #end}, stops them.
   *
   * @throws StackException when they do not start, or a server keeps dying
   */
  void run() {
    ServersOff off = new ServersOff(options.home());
    try (LocalStack stack = LocalStack.start(options)) {
      holding = true;
      off.write(Set.of());
      out.println(Screen.running(stack.kafka(), stack.elasticsearch(), stack.home()));
      while (!endWantedWithin(LOOK)) {
        keep(stack, off.read());
      }
      off.write(Set.of());
    } finally {
      ended.countDown();
    }
  }

  /**
   * Makes {@link #run} stop both servers, and waits for it. While they are still starting there is
   * nothing to wait for: they end with this process.
   */
  void end() {
    endWanted.countDown();
    if (!holding) {
      return;
    }
    try {
      if (!ended.await(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        out.println("The servers did not stop within " + END_LIMIT.toSeconds() + " s: leaving.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean endWantedWithin(Duration duration) {
    try {
      return endWanted.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      return true;
    }
  }

  private void keep(LocalStack stack, Set<Server> off) {
    for (Server server : Server.values()) {
      boolean running = stack.isRunning(server);
      if (off.contains(server) && running) {
        out.println("Stopping " + server.code() + ", as asked.");
        stack.stop(server);
      } else if (!off.contains(server) && !running) {
        announceStart(server, stack.end(server));
        stack.start(server);
      }
    }
    offBefore.clear();
    offBefore.addAll(off);
  }

  private void announceStart(Server server, String end) {
    if (offBefore.contains(server)) {
      out.println("Starting " + server.code() + ", as asked.");
      return;
    }
    restarts++;
    if (restarts > RESTART_LIMIT) {
      throw new StackException(
          "Cannot keep %s running: it ended %d times, the last time with %s. See %s."
              .formatted(
                  server.code(),
                  restarts,
                  end,
                  options.home().resolve("logs/" + server.code() + ".log")));
    }
    out.printf("%s ended (%s): starting it again.%n", server.code(), end);
  }
}
