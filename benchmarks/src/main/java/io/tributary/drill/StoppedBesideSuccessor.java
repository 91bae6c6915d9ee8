package io.tributary.drill;

import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** The job is stopped by SIGSTOP at a named step, its successor goes on, the job is continued. */
record StoppedBesideSuccessor(Step step) implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final Duration REACTION = Duration.ofSeconds(45);
  private static final int LATEST_PASSING = 3;

  @Override
  public String name() {
    return "stop-" + Fault.code(step);
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    int passing = 1 + random.nextInt(LATEST_PASSING);
    JobProcess stopped = arena.jobs().restart(step, passing, "STOP");
    if (!Await.holds(LIMIT, () -> stopped.struck().isPresent() || !stopped.isRunning())
        || !stopped.isRunning()) {
      return Strike.missed("%s was not passed %d times".formatted(step, passing));
    }
    Order.Struck struck = stopped.struck().orElseThrow();
    Signals.awaitStopped(stopped.pid());
    long inFlight = Math.max(struck.records(), arena.progress().inFlight(struck.millis()));
    long before = arena.progress().lakeRecords();
    arena.jobs().leave(stopped);
    JobProcess successor = arena.working();
    Await.until("the successor to commit", LIMIT, () -> arena.progress().lakeRecords() > before);
    long logged = stopped.logged();
    Signals.send("CONT", stopped.pid());
    boolean refused =
        Await.holds(
            REACTION,
            () ->
                !stopped.isRunning()
                    || stopped.hasLoggedSince(logged, "took it over", "ConcurrentWriteException"));
    String reaction =
        !stopped.isRunning()
            ? "ended with " + stopped.exitCode()
            : refused ? "was refused" : "was not seen to be refused";
    stopped.kill();
    // One of the two has to go on: each must not be refused for the other's sake.
    long after = arena.progress().lakeRecords();
    boolean goesOn =
        Await.holds(LIMIT, () -> arena.progress().lakeRecords() > after || !successor.isRunning())
            && successor.isRunning();
    String story =
        "pid %d stopped at passing %d beside pid %d; continued, it %s"
            .formatted(stopped.pid(), passing, successor.pid(), reaction);
    // Whether it did any harm is seen by the comparison; that it was told to stop is seen here.
    return refused && goesOn
        ? Strike.proven(story, inFlight)
        : Strike.missed(story + (goesOn ? "" : "; the successor does not go on"));
  }
}
