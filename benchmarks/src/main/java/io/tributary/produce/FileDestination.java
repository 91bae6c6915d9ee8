package io.tributary.produce;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of one record a line, gzipped when its name ends with {@code .gz}. An event without an id
 * has none in the manifest either: it gets one only where it arrives.
 */
final class FileDestination implements Destination {
  /** No event may have it: blanks are fine in an id, control characters are not. */
  private static final String NO_ID = "\u0000";

  private final OutputStream output;
  private final Manifest.@Nullable Output manifest;
  private final long startedMillis;
  private final ExpectedEnds ends = new ExpectedEnds();
  private long written;

  FileDestination(Path file, Manifest.@Nullable Output manifest, long startedMillis)
      throws IOException {
    OutputStream raw = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.output = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw) : raw;
    this.manifest = manifest;
    this.startedMillis = startedMillis;
  }

  @Override
  public void send(Outgoing record) throws IOException {
    output.write(record.value());
    output.write('\n');
    written++;
    if (manifest != null) {
      // The position stands for the missing id, so that two events without one stay two.
      String assigned = NO_ID + written;
      manifest.write(
          withoutAssigned(
              ends.next(record.value(), new Provenance.Http(startedMillis, assigned)), assigned));
    }
  }

  private static ManifestEntry withoutAssigned(ManifestEntry entry, String assigned) {
    Event event = entry.event();
    if (event == null || !event.eventId().equals(assigned)) {
      return entry;
    }
    return new ManifestEntry(Expectation.row(null), event, 0);
  }

  @Override
  public void finish() throws IOException {
    output.flush();
  }

  @Override
  public long acknowledged() {
    return written;
  }

  @Override
  public long refused() {
    return 0;
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
