package io.tributary.drill;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a writer is doing, in memory that two processes share: it can be read when the writer has
 * been stopped and cannot say any more.
 */
final class WriterPhase {
  /** The phases of a batch. */
  enum Phase {
    /** No batch is under way. */
    IDLE,
    /** Its data files are being written. */
    FILES,
    /** Its commit is under way. */
    COMMIT,
    /** The file of its commit is written and not yet visible. */
    PREPARED
  }

  /**
   * A picture of it.
   *
   * @param returned batches of this round whose commit has returned
   */
  record Picture(Phase phase, int returned) {}

  private static final int BYTES = 8;

  private final MappedByteBuffer memory;

  WriterPhase(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
    }
  }

  void set(Phase phase, int returned) {
    // One aligned word: never seen half.
    memory.putLong(0, (long) returned << 8 | phase.ordinal());
  }

  void set(Phase phase) {
    set(phase, picture().returned());
  }

  Picture picture() {
    long word = memory.getLong(0);
    return new Picture(Phase.values()[(int) (word & 0xff)], (int) (word >>> 8));
  }
}
