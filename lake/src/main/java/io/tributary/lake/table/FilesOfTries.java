package io.tributary.lake.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The data files that a stream's commits have added to a table after one of its versions: those of
 * batches that were cut off before their rows, when the version is that of the last batch which was
 * not.
 *
 * <p>When a topic was made again, or an end of it was lost, its offsets mean other records. Only
 * commits after that tell of the records that the stream reads now.
 */
public final class FilesOfTries {
  private final List<Try> tries = new ArrayList<>();

  private FilesOfTries() {}

  /**
   * Reads them from a table's log.
   *
   * @param topicIds the ids of the topics that are read now
   * @return empty when the log does not tell: it no longer has these commits, or files were removed
   *     since
   */
  static Optional<FilesOfTries> read(
      TableLog log, String query, long afterVersion, long upToVersion, Map<String, String> topicIds)
      throws IOException {
    FilesOfTries found = new FilesOfTries();
    for (long version = afterVersion + 1; version <= upToVersion; version++) {
      Optional<List<JsonNode>> actions = log.commit(version);
      if (actions.isEmpty() || actions.get().stream().anyMatch(action -> action.has("remove"))) {
        return Optional.empty();
      }
      log.streamCommit(actions.get(), query)
          .ifPresent(commit -> found.add(commit, log.added(actions.get()), topicIds));
    }
    return Optional.of(found);
  }

  private void add(StreamCommit commit, List<String> files, Map<String, String> topicIds) {
    if (commit.isTakeOver()) {
      commit.lost().stream()
          .filter(LostRange::startsAnew)
          .forEach(lost -> tries.forEach(earlier -> earlier.offsets.removeIf(lost::isOf)));
      return;
    }
    List<OffsetRange> ofTheseTopics = new ArrayList<>(commit.offsets());
    ofTheseTopics.removeIf(
        range -> isAnother(commit.topicIds().get(range.topic()), topicIds.get(range.topic())));
    tries.add(new Try(ofTheseTopics, files));
  }

  private static boolean isAnother(@Nullable String then, @Nullable String now) {
    return then != null && now != null && !then.equals(now);
  }

  /** Those that may hold records of a partition. */
  public List<String> of(String topic, int partition) {
    return tries.stream()
        .filter(
            found ->
                found.offsets.stream()
                    .anyMatch(
                        range -> range.topic().equals(topic) && range.partition() == partition))
        .flatMap(found -> found.files.stream())
        .toList();
  }

  /**
   * A commit.
   *
   * @param offsets what it spanned, of partitions whose offsets still mean the same records
   */
  private record Try(List<OffsetRange> offsets, List<String> files) {}
}
