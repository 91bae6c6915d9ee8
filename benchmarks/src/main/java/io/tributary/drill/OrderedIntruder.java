package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Intruder;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Carries out, inside a job's process, the {@link Order} that lies in a folder. */
public final class OrderedIntruder implements Intruder {
  static final String FOLDER = "tributary.drill.orders";

  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private final Path folder;
  private final Order order;
  private final AtomicInteger passings = new AtomicInteger();

  /** Whether the job has taken the lake over: only after that it writes batches. */
  private volatile boolean owner;

  /** Called by the service loader. */
  public OrderedIntruder() throws IOException {
    folder = Path.of(System.getProperty(FOLDER));
    order = Order.read(folder);
  }

  @Override
  public void passed(Step step, long records) {
    if (step == Step.LAKE_BATCH_BEGUN) {
      owner = true;
    }
    // Counts are committed before that. A job stopped there takes the lake over when it wakes, as
    // any that starts may, and it is not the one to be refused.
    if (order.signal().equals("STOP") && step == Step.COMMIT_PREPARED && !owner) {
      return;
    }
    if (step != order.step() || passings.incrementAndGet() != order.passing()) {
      return;
    }
    long own = ProcessHandle.current().pid();
    try {
      Order.struck(folder, new Order.Struck(own, records, System.currentTimeMillis()));
      if (order.signal().equals(Order.HOLD)) {
        hold();
        return;
      }
      Signals.send(order.signal(), own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (order.signal().equals("KILL")) {
      // Nothing behind this step may happen.
      LockSupport.park();
    }
  }

  /** Also when the query is told to stop meanwhile: it was amid its work. */
  private void hold() {
    boolean interrupted = false;
    while (!Order.isReleased(folder)) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isOff(Guard guard) {
    return guard == order.off();
  }
}
