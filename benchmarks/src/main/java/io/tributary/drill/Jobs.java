package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The jobs of a drill, one after the other, or one beside another that was stopped. */
final class Jobs implements AutoCloseable {
  private final JobProgram program;
  private final @Nullable Guard off;
  private final List<JobProcess> started = new ArrayList<>();
  private volatile @Nullable JobProcess current;
  private int number;
  private boolean closed;

  /**
   * @param off a guard that all of them have to do without, or null
   */
  Jobs(JobProgram program, @Nullable Guard off) {
    this.program = program;
    this.off = off;
  }

  /** The one that was started last, if it runs and was not left. */
  @Nullable JobProcess running() {
    JobProcess last = current;
    return last != null && last.isRunning() ? last : null;
  }

  /** The one that runs; without one, a new one without an order. */
  JobProcess runningOrNew() throws IOException, DrillFailedException {
    JobProcess running = running();
    return running == null ? start(Order.none(off)) : running;
  }

  /** Kills the one that runs, if one does, and starts one with an order. */
  JobProcess restart(Step step, int passing, String signal)
      throws IOException, InterruptedException, DrillFailedException {
    JobProcess running = running();
    if (running != null) {
      running.kill();
    }
    return start(Order.at(step, passing, signal, off));
  }

  /** Starts one without an order; when it ends by SIGTERM it leaves the archive of its classes. */
  synchronized JobProcess startToArchive() throws IOException, DrillFailedException {
    requireOpen();
    return noted(program.startToArchive("job-archiving", Order.none(off)));
  }

  /** Lets one be, stopped or not; the next one is started beside it. */
  void leave(JobProcess other) {
    if (current == other) {
      current = null;
    }
  }

  private synchronized JobProcess start(Order order) throws IOException, DrillFailedException {
    requireOpen();
    return noted(program.start("job-%04d".formatted(++number), order));
  }

  private void requireOpen() throws DrillFailedException {
    if (closed) {
      throw new DrillFailedException("The drill is being ended: no job is started any more.");
    }
  }

  private JobProcess noted(JobProcess next) {
    started.removeIf(other -> !other.isRunning());
    started.add(next);
    current = next;
    return next;
  }

  /** Kills all, also those that were left and stand still; no other is started from now on. */
  @Override
  public synchronized void close() throws InterruptedException {
    closed = true;
    for (JobProcess job : started) {
      job.kill();
    }
  }
}
