package io.tributary.streaming;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import java.util.Optional;

/**
 * Checks what commits say of themselves: that every record read is a row, a duplicate or a letter,
 * that as many rows are in the files, and that each batch begins where the last one ended.
 *
 * <p>Not thread-safe: it follows the commits in their order.
 */
final class Accounting {
  private CommittedOffsets position = CommittedOffsets.none();

  /**
   * Checks a commit and goes on behind it.
   *
   * @param rowsInFiles how many rows the commit's files have
   * @return what is wrong; empty when all is right
   */
  Optional<String> check(StreamCommit commit, long rowsInFiles) {
    Optional<String> problem = problem(commit, rowsInFiles);
    position = CommittedOffsets.after(commit.offsets());
    return problem;
  }

  private Optional<String> problem(StreamCommit commit, long rowsInFiles) {
    long accounted = commit.rows() + commit.duplicates() + commit.letters();
    if (commit.read() != accounted) {
      return Optional.of(
          "%d records were read, and %d rows, %d duplicates and %d letters are %d"
              .formatted(
                  commit.read(), commit.rows(), commit.duplicates(), commit.letters(), accounted));
    }
    if (commit.rows() != rowsInFiles) {
      return Optional.of(
          "it says %d rows, and its files have %d".formatted(commit.rows(), rowsInFiles));
    }
    long spanned = commit.offsets().stream().mapToLong(OffsetRange::size).sum();
    if (commit.read() > spanned) {
      return Optional.of(
          "%d records were read out of %d offsets".formatted(commit.read(), spanned));
    }
    if (commit.batch() == StreamCommit.NO_BATCH) {
      return Optional.empty();
    }
    return commit.offsets().stream()
        .filter(range -> position.knows(range.topic(), range.partition()))
        .filter(range -> position.next(range.topic(), range.partition()) != range.from())
        .map(
            range ->
                "%s-%d goes on at offset %d, and the commit before ended at %d"
                    .formatted(
                        range.topic(),
                        range.partition(),
                        range.from(),
                        position.next(range.topic(), range.partition())))
        .findFirst();
  }
}
