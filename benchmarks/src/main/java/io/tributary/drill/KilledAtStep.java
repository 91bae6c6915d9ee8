package io.tributary.drill;

import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The job kills itself by SIGKILL at a named step. */
record KilledAtStep(Step step) implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final int LATEST_PASSING = 3;

  @Override
  public String name() {
    return "kill-" + Fault.code(step);
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    int passing = 1 + random.nextInt(LATEST_PASSING);
    JobProcess job = arena.jobs().restart(step, passing, "KILL");
    if (!Await.holds(LIMIT, () -> !job.isRunning())) {
      return Strike.missed("%s was not passed %d times".formatted(step, passing));
    }
    Optional<Order.Struck> struck = job.struck();
    if (!job.wasKilled() || struck.isEmpty()) {
      return Strike.missed(
          "the job ended by itself with %d, see %s".formatted(job.exitCode(), job.log()));
    }
    long inFlight =
        Math.max(struck.get().records(), arena.progress().inFlight(struck.get().millis()));
    return Strike.proven(
        "pid %d gone by SIGKILL at passing %d".formatted(struck.get().process(), passing),
        inFlight);
  }
}
