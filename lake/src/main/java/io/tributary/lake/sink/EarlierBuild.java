package io.tributary.lake.sink;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a batch of an earlier build has set aside that was cut off before its rows. Such a build did
 * not name the files, so they are not taken back when the batch is judged anew; all that can be
 * done is to say so.
 */
final class EarlierBuild {
  private EarlierBuild() {}

  /** A sentence for people on what such a batch has left; empty when none has left anything. */
  static Optional<String> leftAside(StreamedTables tables) {
    List<String> left = new ArrayList<>();
    for (StreamTable<?> table : List.of(tables.letters(), tables.duplicates())) {
      List<OffsetRange> ranges = leftAside(tables.events(), table);
      if (!ranges.isEmpty()) {
        left.add(
            ranges.stream()
                .map(
                    range ->
                        "%s-%d offsets %d to %d"
                            .formatted(
                                range.topic(), range.partition(), range.from(), range.until() - 1))
                .collect(Collectors.joining(", ", table.table().name() + " of ", "")));
      }
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "A batch of an earlier build was cut off before its rows, and what it had set aside cannot be taken back: %s. These records are judged again; nothing is lost, but some may stand twice in these tables. scripts/dead-letters shows letters with their place, scripts/trace ID what an event has left: of two with one place count one. End an earlier build by SIGTERM before this one starts."
                .formatted(String.join("; ", left)));
  }

  /** Offsets that this table has got, and the rows have not, by a batch that named no files. */
  private static List<OffsetRange> leftAside(StreamTable<?> events, StreamTable<?> table) {
    CommittedOffsets rows = events.committed();
    CommittedOffsets aside = table.committed();
    // A batch of this build that was cut off has the table ahead too, even when taken back.
    boolean ahead =
        aside.asRanges().stream()
            .anyMatch(range -> range.until() > rows.next(range.topic(), range.partition()));
    if (!ahead) {
      return List.of();
    }
    return table
        .newestBatch()
        .filter(batch -> batch.aside().isEmpty())
        .map(
            batch ->
                batch.offsets().stream()
                    .filter(range -> isOf(batch, range.topic(), events.topicIds()))
                    .map(range -> between(range, rows, aside))
                    .filter(range -> range.size() > 0)
                    .toList())
        .orElse(List.of());
  }

  /**
   * Whether a batch read the topic that is there now; one that was made again has other records.
   */
  private static boolean isOf(StreamCommit batch, String topic, Map<String, String> now) {
    String id = batch.topicIds().get(topic);
    return id == null || id.equals(now.getOrDefault(topic, id));
  }

  private static OffsetRange between(
      OffsetRange range, CommittedOffsets rows, CommittedOffsets aside) {
    long from = Math.max(range.from(), rows.next(range.topic(), range.partition()));
    long until = Math.min(range.until(), aside.next(range.topic(), range.partition()));
    return new OffsetRange(range.topic(), range.partition(), from, Math.max(from, until));
  }
}
