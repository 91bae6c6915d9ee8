package io.tributary.reader;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that became of an event id: where its records were in Kafka, and where each ended.
 *
 * @param rows of {@code events}; more than one when the id was used on several days
 */
record Trace(
    String eventId,
    List<Row> rows,
    List<Duplicate> duplicates,
    List<Letter> letters,
    IndexAnswer index) {

  /** Whether anything at all was found. */
  boolean foundAnything() {
    return !rows.isEmpty()
        || !duplicates.isEmpty()
        || !letters.isEmpty()
        || (index instanceof IndexAnswer.Documents found && !found.documents().isEmpty());
  }

  /**
   * A record's place in Kafka.
   *
   * @param tsMicros when Kafka received it, microseconds since epoch; null when it did not say
   */
  record Place(@Nullable String topic, int partition, long offset, @Nullable Long tsMicros) {}

  /**
   * How something came into its table.
   *
   * @param file the data file, as a path of this machine
   * @param commit that added the file; null when the log no longer says
   */
  record Origin(String file, @Nullable Commit commit) {
    /** What the stream said of the batch, by the names of its queries; else null. */
    @Nullable Long batch() {
      Commit made = commit;
      if (made == null) {
        return null;
      }
      for (Map.Entry<String, String> domain : made.domains().entrySet()) {
        if (domain.getKey().startsWith(Commit.DOMAIN_PREFIX)) {
          var batch = JsonMembers.number(domain.getValue(), "batch");
          if (batch.isPresent()) {
            return batch.getAsLong();
          }
        }
      }
      return null;
    }
  }

  /** A row of {@code events}. */
  record Row(
      String eventType,
      long tsMicros,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String params,
      long digest,
      Place place,
      Origin origin) {}

  /** A record that repeated an event. */
  record Duplicate(Place place, Origin origin) {}

  /** A record that is no row, or whose document was refused. */
  record Letter(
      String reason,
      @Nullable String detail,
      String stage,
      long bytes,
      Place place,
      Origin origin) {}

  /** What the index has under the id. */
  sealed interface IndexAnswer {
    /** It answered. */
    record Documents(List<Document> documents) implements IndexAnswer {}

    /** It did not; the sentence says why. */
    record Unreachable(String why) implements IndexAnswer {}
  }

  /**
   * A document.
   *
   * @param digest that its parts stand for; null when it has none
   * @param source its JSON text
   */
  record Document(String index, long version, @Nullable Long digest, String source) {
    /** Whether it holds what one of these rows holds. */
    boolean agreesWithOneOf(List<Row> rows) {
      Long own = digest;
      return own != null && rows.stream().anyMatch(row -> row.digest() == own);
    }
  }
}
