package io.tributary.lake.counts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.layout.LakeLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds out of the log of {@code events} which minutes commits have touched: from each file's hour
 * and its smallest and largest time, without opening a file.
 */
final class ChangedSlices {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SECONDS_PER_HOUR = 3600;
  private static final int LAST_MINUTE = 59;

  private final Path log;
  private final Configuration hadoop;

  ChangedSlices(String eventsPath, Configuration hadoop) {
    this.log = new Path(eventsPath, "_delta_log");
    this.hadoop = hadoop;
  }

  /**
   * The slices touched by the commits after one version up to another; empty when the log no longer
   * reaches back so far, and everything has to be counted.
   */
  Optional<List<Slice>> between(long afterVersion, long upToVersion) throws IOException {
    FileSystem files = log.getFileSystem(hadoop);
    Map<Long, Slice> slices = new TreeMap<>();
    for (long version = afterVersion + 1; version <= upToVersion; version++) {
      Path commit = new Path(log, "%020d.json".formatted(version));
      if (!files.exists(commit)) {
        return Optional.empty();
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(files.open(commit), StandardCharsets.UTF_8))) {
        String line = lines.readLine();
        while (line != null) {
          touched(JSON.readTree(line))
              .ifPresent(slice -> slices.merge(slice.hour(), slice, Slice::cover));
          line = lines.readLine();
        }
      }
    }
    return Optional.of(List.copyOf((Collection<Slice>) slices.values()));
  }

  private static Optional<Slice> touched(JsonNode action) throws IOException {
    JsonNode file = action.has("add") ? action.get("add") : action.get("remove");
    // A compaction moves rows and changes none.
    if (file == null || !file.path("dataChange").asBoolean(true)) {
      return Optional.empty();
    }
    long hour = hour(file.path("partitionValues"));
    return Optional.of(
        Span.of(JSON.readTree(file.path("stats").asText("{}")), LakeLayout.TS)
            .map(span -> Slice.of(span.fromMicros(), span.toMicros()))
            .orElse(new Slice(hour, 0, LAST_MINUTE)));
  }

  private static long hour(JsonNode partition) {
    return LocalDateTime.of(
                partition.path(LakeLayout.YEAR).asInt(),
                partition.path(LakeLayout.MONTH).asInt(),
                partition.path(LakeLayout.DAY).asInt(),
                partition.path(LakeLayout.HOUR).asInt(),
                0)
            .toEpochSecond(ZoneOffset.UTC)
        / SECONDS_PER_HOUR;
  }
}
