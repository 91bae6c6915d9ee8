package io.tributary.lake.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.TableLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the commits to {@code events} that the index query has not reached, from the newest back to
 * one whose position it has: what was committed before that is in the index, whatever offsets it
 * has.
 *
 * @param log of {@code events}
 * @param index up to where the index query has read
 * @param topicIds of the topics that it reads
 */
record CommitsAhead(TableLog log, CommittedOffsets index, Map<String, String> topicIds) {
  /** So far back is looked: some hours of a stream that commits every other second. */
  private static final int MOST_COMMITS = 5_000;

  /**
   * The rows of a version and those before that the index query has not come to.
   *
   * @return empty when the log does not tell
   */
  Optional<List<OnTheirWay>> upTo(long newest) throws IOException {
    Map<Set<String>, List<String>> files = new LinkedHashMap<>();
    CommittedOffsets partitions = CommittedOffsets.none();
    Set<String> met = new TreeSet<>();
    long last = Math.max(0, newest - MOST_COMMITS);
    for (long version = newest; version >= last; version--) {
      Optional<List<JsonNode>> actions = log.commit(version);
      if (actions.isEmpty()) {
        return Optional.empty();
      }
      Optional<StreamCommit> commit = log.streamCommit(actions.get(), StreamCommit.LAKE_QUERY);
      partitions =
          partitions.plus(commit.map(StreamCommit::offsets).orElseGet(List::<OffsetRange>of));
      if (commit.isPresent() && isReached(commit.get())) {
        return Optional.of(onTheirWay(files, partitions, index.byTopic().keySet()));
      }
      commit.ifPresent(
          found -> {
            Set<String> others = madeAgain(found);
            index.byTopic().keySet().stream()
                .filter(topic -> !others.contains(topic))
                .forEach(met::add);
          });
      // Of a commit that is not the stream's, files with moved rows count too: they may be recent.
      files
          .computeIfAbsent(
              commit.map(this::madeAgain).orElseGet(TreeSet::new), absent -> new ArrayList<>())
          .addAll(names(actions.get()));
    }
    // Of a topic that no commit has read the index query is ahead: it has passed all of the older
    // by.
    return last == 0 ? Optional.of(onTheirWay(files, partitions, met)) : Optional.empty();
  }

  private boolean isReached(StreamCommit commit) {
    return madeAgain(commit).isEmpty()
        && commit.offsets().stream()
            .filter(range -> isRead(range.topic()))
            .allMatch(range -> index.next(range.topic(), range.partition()) >= range.until());
  }

  /** A topic that the index query no longer reads, or has not begun to, holds nothing up. */
  private boolean isRead(String topic) {
    return index.byTopic().containsKey(topic);
  }

  /** The topics whose offsets in a commit are not of the topic that the index query reads. */
  private Set<String> madeAgain(StreamCommit commit) {
    Set<String> others = new TreeSet<>();
    topicIds.forEach(
        (topic, read) -> {
          String committed = commit.topicIds().get(topic);
          if (isRead(topic) && committed != null && !committed.equals(read)) {
            others.add(topic);
          }
        });
    return others;
  }

  private static List<String> names(List<JsonNode> actions) {
    return actions.stream()
        .map(action -> action.path("add").path("path").asText())
        .filter(path -> !path.isEmpty())
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .toList();
  }

  /**
   * @param files by the topics that were made again since the index query's: it has come to none of
   *     their records
   * @param topics whose records it may not have come to
   */
  private List<OnTheirWay> onTheirWay(
      Map<Set<String>, List<String>> files, CommittedOffsets partitions, Set<String> topics) {
    List<OnTheirWay> found = new ArrayList<>();
    files.forEach(
        (others, names) -> {
          if (names.isEmpty()) {
            return;
          }
          List<OffsetRange> ranges = new ArrayList<>();
          for (OffsetRange partition : partitions.asRanges()) {
            if (topics.contains(partition.topic())) {
              long from =
                  others.contains(partition.topic())
                      ? 0
                      : index.next(partition.topic(), partition.partition());
              ranges.add(
                  new OffsetRange(partition.topic(), partition.partition(), from, Long.MAX_VALUE));
            }
          }
          if (!ranges.isEmpty()) {
            found.add(new OnTheirWay(names, ranges));
          }
        });
    return found;
  }
}
