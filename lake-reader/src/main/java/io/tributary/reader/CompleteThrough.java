package io.tributary.reader;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What the stream says in its commits about how far it has come. */
final class CompleteThrough {
  /** The member of a commit's metadata: an ISO-8601 Kafka time. */
  static final String MEMBER = "complete_through";

  private CompleteThrough() {}

  /** The time that the newest commit of the stream names, as of a version. */
  static Optional<Instant> of(TableSnapshot snapshot) {
    return snapshot
        .newestCommitOf("lake")
        .flatMap(metadata -> JsonMembers.text(metadata, MEMBER))
        .flatMap(CompleteThrough::instant);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      // Written by a version of ours that means something else by it: it says nothing here.
      return Optional.empty();
    }
  }
}
