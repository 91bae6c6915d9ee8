package io.tributary.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The position of the index query, read batch by batch from its checkpoint. */
final class IndexProgress implements Progress {
  private final Path checkpoint;
  private final TopicEnds ends;
  private long batch;

  IndexProgress(Path checkpoint, TopicEnds ends) {
    this.checkpoint = checkpoint;
    this.ends = ends;
  }

  @Override
  public OptionalLong completeAtMillis() throws IOException {
    for (Path done = done(); Files.exists(done); done = done()) {
      if (ends.reachedBy(position())) {
        return OptionalLong.of(Files.getLastModifiedTime(done).toMillis());
      }
      batch++;
    }
    return OptionalLong.empty();
  }

  /** Written by Spark after every document of the batch is acknowledged. */
  private Path done() {
    return checkpoint.resolve("commits").resolve(Long.toString(batch));
  }

  /** The last line holds the offsets: {"topic":{"0":12}}. */
  private Map<Integer, Long> position() throws IOException {
    List<String> lines =
        Files.readAllLines(checkpoint.resolve("offsets").resolve(Long.toString(batch)));
    JsonNode partitions = Json.read(lines.get(lines.size() - 1)).path(ends.topic());
    Map<Integer, Long> position = new HashMap<>();
    partitions
        .properties()
        .forEach(
            entry -> position.put(Integer.parseInt(entry.getKey()), entry.getValue().asLong()));
    return position;
  }
}
