package io.tributary.backfill;

import io.tributary.lake.sink.ImportedLine;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The lines of a file, some at a time. Lines of white space alone are none. */
final class FileLines implements AutoCloseable {
  private static final int LINES_AT_A_TIME = 100_000;
  private static final long BYTES_AT_A_TIME = 64L << 20;
  private static final int LONGEST_LINE = 256 << 20;
  private static final int BUFFER = 1 << 16;

  private final String file;
  private final InputStream in;
  private long line;

  private FileLines(String file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Opens a file; one whose name ends in {@code .gz} is inflated.
   *
   * @param file a URI
   */
  static FileLines open(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    InputStream raw = path.getFileSystem(hadoop).open(path);
    return new FileLines(
        file,
        new BufferedInputStream(
            file.endsWith(".gz") ? new GZIPInputStream(raw, BUFFER) : raw, BUFFER));
  }

  /** The next lines; none at the end of the file. */
  List<ImportedLine> next() throws IOException {
    List<ImportedLine> lines = new ArrayList<>();
    long bytes = 0;
    ByteArrayOutputStream current = new ByteArrayOutputStream(1 << 10);
    boolean blank = true;
    int value = in.read();
    while (value >= 0) {
      if (value == '\n') {
        bytes += add(current, blank, lines);
        blank = true;
        if (lines.size() >= LINES_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
          return lines;
        }
      } else {
        current.write(value);
        blank &= value == ' ' || value == '\t' || value == '\r';
        if (current.size() > LONGEST_LINE) {
          throw new IOException(
              "Cannot import %s: line %d is longer than %d bytes. Give a file with one event a line."
                  .formatted(file, line + 1, LONGEST_LINE));
        }
      }
      value = in.read();
    }
    if (current.size() > 0) {
      add(current, blank, lines);
    }
    return lines;
  }

  private int add(ByteArrayOutputStream current, boolean blank, List<ImportedLine> lines) {
    line++;
    int size = current.size();
    if (!blank) {
      lines.add(new ImportedLine(file, line, current.toByteArray()));
    }
    current.reset();
    return size;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
