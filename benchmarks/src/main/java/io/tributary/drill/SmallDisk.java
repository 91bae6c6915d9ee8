package io.tributary.drill;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A small file system in memory, mounted where the lake is, so that it can be filled without
 * filling anybody else's disk. Needs the right to mount; without it the folder is an ordinary one.
 */
final class SmallDisk implements AutoCloseable {
  private static final int MEGABYTES = 512;
  private static final int CHUNK = 64 * 1024;

  private final Path folder;
  private final Path ballast;
  private final String reason;

  private SmallDisk(Path folder, String reason) {
    this.folder = folder;
    this.ballast = folder.resolve(".ballast");
    this.reason = reason;
  }

  /** Mounts one on an empty folder, which it makes. */
  static SmallDisk mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String refusal =
        run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder, refusal);
  }

  boolean isSmall() {
    return reason.isEmpty();
  }

  /** Why it could not be mounted; empty when it is. */
  String reason() {
    return reason;
  }

  /** Takes all space that is left; gives how many bytes that was. */
  long fill() throws IOException {
    byte[] chunk = new byte[CHUNK];
    long written = 0;
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(chunk);
        written += CHUNK;
      }
    } catch (IOException full) {
      if (Files.getFileStore(folder).getUsableSpace() >= CHUNK) {
        throw full;
      }
      return written;
    }
  }

  /** Gives the space back. */
  void free() throws IOException {
    Files.deleteIfExists(ballast);
  }

  private void unmount() {
    try {
      run("umount", "-l", folder.toString());
    } catch (IOException e) {
      System.err.println("Cannot unmount " + folder + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the command complained of; empty when it did its work. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "mount did not come back";
    }
    return process.exitValue() == 0 ? "" : said.isEmpty() ? "refused" : said;
  }

  @Override
  public void close() {
    if (isSmall()) {
      unmount();
    }
  }
}
