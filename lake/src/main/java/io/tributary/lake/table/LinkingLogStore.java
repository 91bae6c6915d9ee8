package io.tributary.lake.table;

import io.delta.storage.HadoopFileSystemLogStore;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes the log of Delta tables on a file system of this machine ({@code file:}) so that of two
 * writers of one version exactly one succeeds, whatever happens between their steps.
 *
 * <p>The stores that Delta brings for local files look whether the commit is there and then rename
 * onto its name, which replaces what is there ({@code HDFSLogStore}, which Kernel takes, looks once
 * more right before it). A writer that is paused between the look and the rename, and wakes up when
 * its successor has committed, replaces the successor's commit with its own: committed rows vanish.
 * Here the commit is written under another name and then linked to its own, which the operating
 * system refuses when the name is taken.
 *
 * <p>The content is on the disk (fsync) before the name is there: a name never points to half a
 * commit. The folder itself is not forced to the disk. A process that is killed needs none of it:
 * what it has written belongs to the operating system. When the machine loses its power, the newest
 * commits may be gone with their names; nothing is lost by that as far as Kafka still has the
 * records, because the position is in the commit and goes with it. The data files that a commit
 * names are not forced to the disk by Hadoop: for a lake that has to survive the loss of power use
 * a file system that replicates (HDFS, S3), not {@code file:}.
 *
 * <p>Delta makes it by name and calls it from any thread.
 */
public final class LinkingLogStore extends HadoopFileSystemLogStore {
  /** Called by Delta, by reflection. */
  public LinkingLogStore(Configuration hadoop) {
    super(hadoop);
  }

  /**
   * Writes a file of a log.
   *
   * @throws FileAlreadyExistsException when it is there and must not be replaced
   * @throws IOException when it cannot be written, or when the file system makes no hard links
   */
  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    java.nio.file.Path file = local(path, hadoop);
    if (!overwrite && Files.exists(file)) {
      // Only spares the writing: what counts is the link.
      throw new FileAlreadyExistsException(path.toString());
    }
    java.nio.file.Path prepared = local(createTempPath(path), hadoop);
    try {
      writeThrough(prepared, actions);
      // Of an earlier file of this name, written by Hadoop: it would make this one look broken.
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      if (overwrite) {
        Files.move(prepared, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Seam.passed(Step.COMMIT_PREPARED, 0);
        publish(prepared, file);
      }
    } finally {
      Files.deleteIfExists(prepared);
    }
  }

  /** Delta writes its checkpoints itself; with this answer, under another name first. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration hadoop) {
    return true;
  }

  private static java.nio.file.Path local(Path path, Configuration hadoop) throws IOException {
    return java.nio.file.Path.of(path.getFileSystem(hadoop).makeQualified(path).toUri().getPath());
  }

  /** A stream that an interrupt does not close: a job that is stopped finishes its commit. */
  private static void writeThrough(java.nio.file.Path prepared, Iterator<String> lines)
      throws IOException {
    try (FileOutputStream file = new FileOutputStream(prepared.toFile())) {
      OutputStream buffered = new BufferedOutputStream(file, 1 << 16);
      while (lines.hasNext()) {
        buffered.write(lines.next().getBytes(StandardCharsets.UTF_8));
        buffered.write('\n');
      }
      buffered.flush();
      file.getFD().sync();
    }
  }

  private static void publish(java.nio.file.Path prepared, java.nio.file.Path file)
      throws IOException {
    if (!Seam.isOn(Guard.FENCING)) {
      Files.move(prepared, file, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      Files.createLink(file, prepared);
    } catch (FileAlreadyExistsException e) {
      // A network file system may have made the link and lost its answer.
      if (!Files.isSameFile(prepared, file)) {
        throw e;
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(
          "Cannot commit %s: the hard link that makes it visible failed (%s). If this file system makes no hard links (FAT, exFAT, some network and container mounts), put the lake on one that does (ext4, xfs, btrfs, tmpfs), on HDFS or on S3; else free space or grant rights in that folder."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
