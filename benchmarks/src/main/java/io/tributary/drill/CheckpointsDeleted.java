package io.tributary.drill;

import io.tributary.benchmark.TemporaryHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The job is killed and the checkpoints of both queries are deleted. */
record CheckpointsDeleted() implements Fault {
  private static final long LONGEST_MILLIS = 3_000;

  @Override
  public String name() {
    return "checkpoints-deleted";
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    JobProcess job = arena.working();
    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_MILLIS));
    long millis = System.currentTimeMillis();
    job.kill();
    boolean there = Files.isDirectory(arena.checkpoints());
    TemporaryHome.delete(arena.checkpoints());
    return there && !Files.exists(arena.checkpoints())
        ? Strike.proven(
            "the folder is gone, pid %d too".formatted(job.pid()),
            arena.progress().inFlight(millis))
        : Strike.missed("there were no checkpoints at " + arena.checkpoints());
  }
}
