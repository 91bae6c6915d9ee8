package io.tributary.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Only one stack at a time on one home. The system frees the lock however its holder dies. */
final class HomeLock implements AutoCloseable {
  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the folder when absent and locks it. */
  static HomeLock take(Path home) {
    FileChannel channel;
    try {
      Files.createDirectories(home);
      channel =
          FileChannel.open(
              home.resolve("local-stack.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
    } catch (IOException failed) {
      throw new StackException(
          "Cannot use %s as home: it cannot be written (%s). Correct its owner and mode, or choose another home."
              .formatted(home, failed),
          failed);
    }
    if (lock(channel) == null) {
      close(channel);
      throw new StackException(
          "Cannot start a stack in %s: another running stack uses it. Stop that one (scripts/local-stack stop --home %s), or choose another home."
              .formatted(home, home));
    }
    return new HomeLock(channel);
  }

  @Override
  public void close() {
    close(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    } catch (IOException failed) {
      throw new StackException(
          "Cannot lock the home folder: %s. Choose a home on a local disk."
              .formatted(failed.getMessage()),
          failed);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Closing is for the lock's sake, and the lock is gone either way.
    }
  }
}
