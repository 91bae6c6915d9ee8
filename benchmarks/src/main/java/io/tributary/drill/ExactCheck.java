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
      List<SentRecord> sent,
      LakeContents contents,
      List<TableLog.Batch> batches,
      Generations generations) {
    Position position = Position.after(batches, generations);
    Ends known = Ends.of(sent);
    Predicate<Place> done = position::isDone;
    Predicate<Place> judged = known::cover;
    Expected all = Expected.of(sent);
    Differences differences = new Differences();
    differences.add(OffsetChain.faults(batches));
    differences.contents(
        "lost range", Lost.expected(known, position), Lost.said(batches, generations));
    differences.contents("row", only(all.rows(), done), only(contents.rows(), judged));
    differences.contents(
        "duplicate", only(all.duplicates(), done), only(contents.duplicates(), judged.and(done)));
    differences.contents(
        "letter", only(all.letters(), done), only(contents.letters(), judged.and(done)));
    differences.contents(
        "duplicate behind the position",
        Map.of(),
        withoutRight(only(contents.duplicates(), judged.and(done.negate())), all.duplicates()));
    differences.contents(
        "letter behind the position",
        Map.of(),
        withoutRight(only(contents.letters(), judged.and(done.negate())), all.letters()));
    return differences.lines();
  }

  /**
   * What is wrong anywhere, once all is done. Of records that were lost there may be what was set
   * aside of them, and documents: the index reads by itself.
   */
  static List<String> complete(
      List<SentRecord> sent,
      LakeContents contents,
      IndexContents index,
      List<TableLog.Batch> batches,
      Generations generations) {
    Position position = Position.after(batches, generations);
    Predicate<Place> lost = position::isLost;
    List<SentRecord> kept =
        sent.stream().filter(record -> !position.isLost(record.place())).toList();
    Expected expected = Expected.of(kept);
    Expected gone =
        Expected.of(sent.stream().filter(record -> position.isLost(record.place())).toList());
    Differences differences = new Differences();
    differences.add(OffsetChain.faults(batches));
    differences.contents(
        "lost range", Lost.expected(Ends.of(sent), position), Lost.said(batches, generations));
    differences.values("gap in the ledger", Lost.times(batches), contents.gaps());
    differences.contents("row", expected.rows(), contents.rows());
    differences.contents(
        "duplicate", expected.duplicates(), only(contents.duplicates(), lost.negate()));
    differences.contents("letter", expected.letters(), only(contents.letters(), lost.negate()));
    differences.contents(
        "duplicate in a lost range",
        Map.of(),
        withoutRight(only(contents.duplicates(), lost), gone.duplicates()));
    differences.contents(
        "letter in a lost range",
        Map.of(),
        withoutRight(only(contents.letters(), lost), gone.letters()));
    gone.documents().keySet().removeAll(expected.documents().keySet());
    differences.contents(
        "document", expected.documents(), withoutRight(index.documents(), gone.documents()));
    differences.values("count in the lake", expected.counts(), contents.counts());
    differences.values("count in the index", expected.counts(), index.counts());
    differences.values("accounting", accounting(expected, kept.size()), told(batches));
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

  private static <K> Map<K, List<String>> withoutRight(
      Map<K, List<String>> found, Map<K, String> expected) {
    Map<K, List<String>> others = new HashMap<>(found);
    others
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().size() == 1
                    && entry.getValue().get(0).equals(expected.get(entry.getKey())));
    return others;
  }
}
