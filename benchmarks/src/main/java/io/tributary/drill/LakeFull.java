package io.tributary.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The disk of the lake is full for some seconds. */
record LakeFull() implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long LONGEST_MILLIS = 4_000;

  @Override
  public String name() {
    return "lake-full";
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    SmallDisk disk = arena.disk();
    if (!disk.isSmall()) {
      return Strike.missed(
          "the lake has no disk of its own (%s). Run as root, or leave it out with --without lake-full"
              .formatted(disk.reason()));
    }
    JobProcess job = arena.working();
    long logged = job.logged();
    long bytes = disk.fill();
    boolean refused;
    long inFlight;
    try {
      refused = Await.holds(LIMIT, () -> job.hasLoggedSince(logged, "No space left on device"));
      TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_MILLIS));
      inFlight = arena.progress().inFlight(System.currentTimeMillis());
    } finally {
      disk.free();
    }
    return refused
        ? Strike.proven(
            "filled with %d bytes; the job was refused space".formatted(bytes), inFlight)
        : Strike.missed("the job was not refused space");
  }
}
