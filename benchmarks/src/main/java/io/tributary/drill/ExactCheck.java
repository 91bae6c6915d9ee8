package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.drill.SentRecord.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Compares every place with what was sent, id by id and digest by digest. */
final class ExactCheck {
  private ExactCheck() {}

  /**
   * What is wrong in a lake at which nobody writes: what is before its position is there and only
   * once, and no row lies behind it. Letters and duplicates may, of a batch that was cut off, if
   * they are right.
   *
   * @param sent all records whose places are known; what is in the lake beyond them is not judged
   * @param batches of the lake query
   */
  static List<String> atPosition(
      List<SentRecord> sent, LakeContents contents, List<TableLog.Batch> batches) {
    Map<Integer, Long> position = TableLog.position(batches);
    Map<Integer, Long> known = new HashMap<>();
    sent.forEach(record -> known.merge(record.partition(), record.offset() + 1, Math::max));
    Predicate<Place> done = place -> isBefore(place, position);
    Predicate<Place> judged = place -> isBefore(place, known);
    Expected all = Expected.of(sent);
    Differences differences = new Differences();
    differences.add(OffsetChain.faults(batches));
    differences.contents("row", only(all.rows(), done), only(contents.rows(), judged));
    differences.contents(
        "duplicate", only(all.duplicates(), done), only(contents.duplicates(), judged.and(done)));
    differences.contents(
        "letter", only(all.letters(), done), only(contents.letters(), judged.and(done)));
    differences.contents(
        "duplicate behind the position",
        Map.of(),
        wrong(only(contents.duplicates(), judged.and(done.negate())), all.duplicates()));
    differences.contents(
        "letter behind the position",
        Map.of(),
        wrong(only(contents.letters(), judged.and(done.negate())), all.letters()));
    return differences.lines();
  }

  /** What is wrong anywhere, once all is done. */
  static List<String> complete(
      List<SentRecord> sent,
      LakeContents contents,
      IndexContents index,
      List<TableLog.Batch> batches) {
    Expected expected = Expected.of(sent);
    Differences differences = new Differences();
    differences.add(OffsetChain.faults(batches));
    differences.contents("row", expected.rows(), contents.rows());
    differences.contents("duplicate", expected.duplicates(), contents.duplicates());
    differences.contents("letter", expected.letters(), contents.letters());
    differences.contents("document", expected.documents(), index.documents());
    differences.values("count in the lake", expected.counts(), contents.counts());
    differences.values("count in the index", expected.counts(), index.counts());
    differences.values("accounting", accounting(expected, sent.size()), told(batches));
    differences.contents("ledger row of version", onRecord(batches), contents.ledger());
    return differences.lines();
  }

  /** What a batch did, as text. */
  static String account(long read, long rows, long duplicates, long letters) {
    return "%d = %d + %d + %d".formatted(read, rows, duplicates, letters);
  }

  private static Map<String, Long> accounting(Expected expected, long sent) {
    return Map.of(
        "read", sent,
        "rows", (long) expected.rows().size(),
        "duplicates", (long) expected.duplicates().size(),
        "letters", (long) expected.letters().size());
  }

  private static Map<String, Long> told(List<TableLog.Batch> batches) {
    Map<String, Long> told = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      told.merge("read", batch.accounting().path("read").asLong(), Long::sum);
      told.merge("rows", batch.accounting().path("rows").asLong(), Long::sum);
      told.merge("duplicates", batch.accounting().path("duplicates").asLong(), Long::sum);
      told.merge("letters", letters(batch), Long::sum);
    }
    return told;
  }

  /** What the ledger has to say of each batch; commits that only take the table over are none. */
  private static Map<String, String> onRecord(List<TableLog.Batch> batches) {
    Map<String, String> onRecord = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      if (batch.accounting().path("batch").asLong() >= 0) {
        onRecord.put(
            Long.toString(batch.version()),
            account(
                batch.accounting().path("read").asLong(),
                batch.accounting().path("rows").asLong(),
                batch.accounting().path("duplicates").asLong(),
                letters(batch)));
      }
    }
    return onRecord;
  }

  private static long letters(TableLog.Batch batch) {
    long letters = 0;
    for (JsonNode ofReason : batch.accounting().path("dead_letters")) {
      letters += ofReason.asLong();
    }
    return letters;
  }

  private static <T> Map<Place, T> only(Map<Place, T> all, Predicate<Place> which) {
    Map<Place, T> some = new HashMap<>(all);
    some.keySet().removeIf(which.negate());
    return some;
  }

  private static Map<Place, List<String>> wrong(
      Map<Place, List<String>> found, Map<Place, String> expected) {
    Map<Place, List<String>> wrong = new HashMap<>(found);
    wrong
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().size() == 1
                    && entry.getValue().get(0).equals(expected.get(entry.getKey())));
    return wrong;
  }

  private static boolean isBefore(Place place, Map<Integer, Long> ends) {
    return place.offset() < ends.getOrDefault(place.partition(), 0L);
  }
}
