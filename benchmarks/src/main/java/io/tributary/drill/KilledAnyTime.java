package io.tributary.drill;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The job is killed by SIGKILL from outside, at a time that nobody chose. */
record KilledAnyTime() implements Fault {
  private static final long LONGEST_MILLIS = 6_000;

  @Override
  public String name() {
    return "kill-any-time";
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    JobProcess job = arena.working();
    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_MILLIS));
    long millis = System.currentTimeMillis();
    job.kill();
    return job.wasKilled()
        ? Strike.proven(
            "pid %d gone by SIGKILL".formatted(job.pid()), arena.progress().inFlight(millis))
        : Strike.missed("the job had ended with %d".formatted(job.exitCode()));
  }
}
