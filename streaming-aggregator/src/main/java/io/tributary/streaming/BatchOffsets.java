package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a batch spans, out of the log that Spark writes before it runs the batch. Needed because the
 * records alone do not tell: offsets may hold no record.
 */
final class BatchOffsets {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path checkpoint;
  private final Configuration hadoop;

  BatchOffsets(String checkpoint, Configuration hadoop) {
    this.checkpoint = new Path(checkpoint);
    this.hadoop = hadoop;
  }

  /** The ranges of a batch; a partition that appeared with it begins at 0. */
  List<OffsetRange> of(long batch) {
    Map<String, Map<Integer, Long>> until = read(new Path(checkpoint, "offsets/" + batch));
    Map<String, Map<Integer, Long>> from =
        batch == 0
            ? read(new Path(checkpoint, "sources/0/0"))
            : read(new Path(checkpoint, "offsets/" + (batch - 1)));
    List<OffsetRange> ranges = new ArrayList<>();
    until.forEach(
        (topic, partitions) ->
            partitions.forEach(
                (partition, end) -> {
                  long start = from.getOrDefault(topic, Map.of()).getOrDefault(partition, 0L);
                  ranges.add(new OffsetRange(topic, partition, Math.min(start, end), end));
                }));
    return ranges;
  }

  /** Up to where batches are done; nothing when there is no checkpoint. */
  CommittedOffsets committed() {
    Path commits = new Path(checkpoint, "commits");
    try {
      FileSystem files = commits.getFileSystem(hadoop);
      if (!files.exists(commits)) {
        return CommittedOffsets.none();
      }
      return Arrays.stream(files.listStatus(commits))
          .map(file -> file.getPath().getName())
          .filter(name -> name.matches("\\d+"))
          .max(Comparator.comparingLong(Long::parseLong))
          .map(last -> CommittedOffsets.after(of(Long.parseLong(last))))
          .orElseGet(CommittedOffsets::none);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read which batches are done from %s: %s. Delete the checkpoint folder and start again."
              .formatted(commits, e.getMessage()),
          e);
    }
  }

  /** The last line of such a file holds the offsets: {"topic":{"0":12}}. */
  private Map<String, Map<Integer, Long>> read(Path file) {
    try {
      FileSystem files = file.getFileSystem(hadoop);
      String text;
      try (FSDataInputStream in = files.open(file)) {
        text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      }
      JsonNode offsets = JSON.readTree(text.substring(text.lastIndexOf('\n') + 1));
      Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
      offsets
          .fields()
          .forEachRemaining(
              topic -> {
                Map<Integer, Long> partitions = new TreeMap<>();
                topic
                    .getValue()
                    .fields()
                    .forEachRemaining(
                        entry ->
                            partitions.put(
                                Integer.parseInt(entry.getKey()), entry.getValue().asLong()));
                byTopic.put(topic.getKey(), partitions);
              });
      return byTopic;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the offsets of a batch from the checkpoint file %s: %s. Delete the checkpoint folder and start again: the position is in the lake."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
