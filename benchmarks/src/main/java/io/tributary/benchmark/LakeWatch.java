package io.tributary.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.Lake;
import io.tributary.reader.LakeTable;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds when each event became visible in Delta. While the stream runs, it only loads every new
 * snapshot by Delta Kernel and notes the time; which events came with which version is read
 * afterwards, from the very files that the version added.
 */
final class LakeWatch implements Callable<Map<Long, Long>> {
  private static final long LOOK_EVERY_MILLIS = 20;

  private final Path lakeFolder;
  private final Path log;
  private volatile boolean finished;

  LakeWatch(Path lakeFolder) {
    this.lakeFolder = lakeFolder;
    this.log = lakeFolder.resolve(LakeLayout.EVENTS).resolve("_delta_log");
  }

  /** Watches until {@link #finish()}: when each version was seen, by {@link System#nanoTime()}. */
  @Override
  public Map<Long, Long> call() throws InterruptedException {
    Map<Long, Long> seen = new TreeMap<>();
    try (Lake lake = Lake.open(lakeFolder.toString())) {
      LakeTable events = lake.table(LakeLayout.EVENTS);
      long next = 0;
      while (true) {
        boolean last = finished;
        if (Files.exists(commit(next))) {
          long version = events.snapshot().version();
          long now = System.nanoTime();
          for (; next <= version; next++) {
            seen.put(next, now);
          }
        } else if (last) {
          return seen;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    }
  }

  /** Lets the watch end after a last look. */
  void finish() {
    finished = true;
  }

  private Path commit(long version) {
    return log.resolve("%020d.json".formatted(version));
  }

  /** Checkpoints of the table's log that are there. */
  long logCheckpoints() throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".checkpoint."))
          .map(name -> name.substring(0, name.indexOf('.')))
          .distinct()
          .count();
    }
  }

  /**
   * When each event became visible.
   *
   * @param numbers of the events, by id
   * @return by number; 0 for an event that is in no version
   */
  long[] visible(Map<Long, Long> seen, Map<String, Integer> numbers) throws IOException {
    long[] visible = new long[numbers.size()];
    for (Map.Entry<Long, Long> version : seen.entrySet()) {
      StoredRows.eachIdOf(
          added(version.getKey()),
          id -> {
            Integer number = numbers.get(id);
            if (number != null) {
              visible[number] = version.getValue();
            }
          });
    }
    return visible;
  }

  private List<String> added(long version) throws IOException {
    List<String> files = new ArrayList<>();
    for (String line : Files.readAllLines(commit(version))) {
      JsonNode path = Json.read(line).path("add").path("path");
      if (path.isTextual()) {
        String decoded =
            URLDecoder.decode(path.asText().replace("+", "%2B"), StandardCharsets.UTF_8);
        files.add(
            decoded.startsWith("file:") || decoded.startsWith("/")
                ? decoded.replaceFirst("^file:/+", "/")
                : lakeFolder.resolve(LakeLayout.EVENTS).resolve(decoded).toString());
      }
    }
    return files;
  }
}
