package io.tributary.lake.table;

import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.hook.PostCommitHook;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log checkpoint that a commit says is due, for tables off the stream's path. */
final class DueLogCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(DueLogCheckpoint.class);

  private DueLogCheckpoint() {}

  static void write(Engine engine, String path, TransactionCommitResult result) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHook.PostCommitHookType.CHECKPOINT) {
        try {
          hook.threadSafeInvoke(engine);
        } catch (CheckpointAlreadyExistsException e) {
          LOG.debug("Another writer made the log checkpoint of {}", path);
        } catch (IOException | RuntimeException e) {
          // The commit stands; only the log stays longer until the next one.
          LOG.warn("Cannot write the log checkpoint of {}: {}", path, e.toString(), e);
        }
      }
    }
  }
}
