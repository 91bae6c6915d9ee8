package io.tributary.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.StreamCommit;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The position of the lake query, read commit by commit from the log of {@code events}. */
final class LakeProgress implements Progress {
  private final Path log;
  private final TopicEnds ends;
  private long version;

  LakeProgress(Path lake, TopicEnds ends) {
    this.log = logOf(lake);
    this.ends = ends;
  }

  private static Path logOf(Path lake) {
    return lake.resolve(LakeLayout.EVENTS).resolve("_delta_log");
  }

  @Override
  public OptionalLong completeAtMillis() throws IOException {
    for (Path file = commit(version); Files.exists(file); file = commit(version)) {
      if (ends.reachedBy(position(file))) {
        return OptionalLong.of(Files.getLastModifiedTime(file).toMillis());
      }
      version++;
    }
    return OptionalLong.empty();
  }

  private Path commit(long number) {
    return log.resolve("%020d.json".formatted(number));
  }

  private static CommittedOffsets position(Path commit) throws IOException {
    CommittedOffsets position = CommittedOffsets.none();
    for (String line : Files.readAllLines(commit)) {
      JsonNode domain = Json.read(line).path("domainMetadata");
      if (domain.path("domain").asText().equals("tributary.lake")) {
        position =
            position.plus(StreamCommit.fromJson(domain.path("configuration").asText()).offsets());
      }
    }
    return position;
  }

  /** When the newest commit of a finished writer was made, in ms since the epoch. */
  static long newestCommitMillis(Path lake) throws IOException {
    Path log = logOf(lake);
    long number = 0;
    while (Files.exists(log.resolve("%020d.json".formatted(number + 1)))) {
      number++;
    }
    return Files.getLastModifiedTime(log.resolve("%020d.json".formatted(number))).toMillis();
  }
}
