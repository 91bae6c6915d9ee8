package io.tributary.drill;

import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The topic is deleted and made again while the job is held in a batch: records of the old one were
 * sent and not yet read, or read and not yet committed.
 */
record TopicRecreated() implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final long LONGEST_MILLIS = 2_500;
  private static final int EARLIEST_PASSING = 2;
  private static final List<Step> HELD_AT =
      List.of(Step.LAKE_BATCH_BEGUN, Step.RECORDS_JUDGED, Step.FILES_WRITTEN);

  @Override
  public String name() {
    return "topic-recreated";
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    Step step = HELD_AT.get(random.nextInt(HELD_AT.size()));
    JobProcess job = arena.jobs().restart(step, EARLIEST_PASSING, Order.HOLD);
    if (!Await.holds(LIMIT, () -> job.struck().isPresent() || !job.isRunning())
        || !job.isRunning()) {
      return Strike.missed("%s was not passed %d times".formatted(step, EARLIEST_PASSING));
    }
    // More comes than the batch that is held.
    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_MILLIS));
    long unread = arena.recreateTopic();
    job.release();
    Await.until(
        "the job to read the new topic",
        LIMIT,
        () -> {
          job.requireRunning();
          return arena.progress().hasReadOfNewestTopic();
        });
    return Strike.proven(
        "held at %s; %d records unread at the deletion; pid %d reads topic %d"
            .formatted(step, unread, job.pid(), arena.progress().generations().all().size()),
        unread);
  }
}
