package io.tributary.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder of a run's stack, lakes and logs; deleted at the end unless it is kept. */
public final class TemporaryHome implements AutoCloseable {
  private final Path path;
  private boolean kept;

  private TemporaryHome(Path path) {
    this.path = path;
  }

  /**
   * An empty one.
   *
   * @param purpose part of its name
   */
  public static TemporaryHome create(String purpose) throws IOException {
    return new TemporaryHome(Files.createTempDirectory("tributary-" + purpose + "-"));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** From now on it stays, with its logs. */
  public void keep() {
    kept = true;
  }

  @Override
  public void close() throws IOException {
    if (kept) {
      System.err.println("Data and logs stay in " + path);
    } else {
      delete(path);
    }
  }

  /** Deletes a folder with all that is in it; one that is not there is fine. */
  public static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(TemporaryHome::deleteFile);
    } catch (NoSuchFileException e) {
      // Nothing was written there.
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
