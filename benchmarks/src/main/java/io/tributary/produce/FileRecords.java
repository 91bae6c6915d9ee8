package io.tributary.produce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file, gzipped when its name ends with {@code .gz}. Empty lines are no records. */
final class FileRecords implements AutoCloseable {
  private final Path file;
  private final BufferedReader lines;

  FileRecords(Path file) throws IOException {
    this.file = file;
    try {
      InputStream raw = Files.newInputStream(file);
      InputStream bytes = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
      // Bytes that are no UTF-8 have to go out as they are: read them one to one.
      lines =
          new BufferedReader(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1), 1 << 16);
    } catch (IOException e) {
      throw ProduceFailedException.file(file.toString(), e);
    }
  }

  /** The next line's bytes without its end, null after the last. */
  byte @Nullable [] next() throws IOException {
    try {
      String line = lines.readLine();
      while (line != null && line.isEmpty()) {
        line = lines.readLine();
      }
      return line == null ? null : line.getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw ProduceFailedException.file(file.toString(), e);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
