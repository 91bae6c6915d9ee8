package io.tributary.lake.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints of Delta's log beside the stream. Written inside a commit, as Delta does it by
 * itself, one would hold the stream up for seconds.
 */
public final class LogCheckpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogCheckpoints.class);

  private final Engine engine;
  private final int interval;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "log-checkpoints");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Long> newest = new HashMap<>();

  /**
   * @param interval commits between two checkpoints of a table
   */
  public LogCheckpoints(Engine engine, int interval) {
    this.engine = engine;
    this.interval = interval;
  }

  /** Has a checkpoint written when it is time for one; comes back at once. */
  public void consider(LakeTable<?> table) {
    Snapshot snapshot = table.snapshot();
    long version = snapshot.getVersion();
    Long last = newest.putIfAbsent(table.path(), version);
    if (last != null && version - last >= interval) {
      newest.put(table.path(), version);
      submit(thread, table, snapshot);
    }
  }

  private void submit(Executor executor, LakeTable<?> table, Snapshot snapshot) {
    executor.execute(
        () -> {
          long start = System.nanoTime();
          try {
            LakeTable.checkpoint(engine, snapshot);
            Seam.passed(Step.LOG_CHECKPOINT_WRITTEN, 0);
            table.startFromCheckpoint();
            LOG.info(
                "Wrote the log checkpoint of {} at version {} in {} ms",
                table.path(),
                snapshot.getVersion(),
                (System.nanoTime() - start) / 1_000_000);
          } catch (RuntimeException e) {
            // The log stays longer, nothing else: the next interval tries again.
            LOG.warn("Cannot write the log checkpoint of {}: {}", table.path(), e.toString(), e);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn(
            "A log checkpoint was still being written at the stop; it is left to the next run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
