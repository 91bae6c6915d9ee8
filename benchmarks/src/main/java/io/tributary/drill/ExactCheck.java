package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.drill.SentRecord.Place;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Compares every place with what was sent, id by id and digest by digest. */
final class ExactCheck {
  private static final int SHOWN = 5;

  private final Path lake;
  private final String elasticsearch;
  private final IndexLayout layout;

  ExactCheck(Path lake, String elasticsearch, IndexLayout layout) {
    this.lake = lake;
    this.elasticsearch = elasticsearch;
    this.layout = layout;
  }

  /**
   * Looks at the lake alone, at any time and while nobody writes: what is before its position is
   * there and only once, and no row lies behind it. Letters and duplicates may, of a batch that was
   * cut off, if they are right.
   */
  List<String> atPosition(List<SentRecord> sent) throws IOException {
    TableLog log = new TableLog(lake.resolve(LakeLayout.EVENTS));
    Map<Integer, Long> position = log.position();
    Map<Integer, Long> known = new HashMap<>();
    sent.forEach(record -> known.merge(record.partition(), record.offset() + 1, Math::max));
    LakeContents contents = LakeContents.read(lake.toString());
    Expected all = Expected.of(sent);
    List<String> faults = new ArrayList<>(OffsetChain.faults(log.batches()));
    places("row", inside(all.rows(), position), contents.rows(), known, faults);
    places(
        "duplicate",
        inside(all.duplicates(), position),
        without(contents.duplicates(), position),
        known,
        faults);
    places(
        "letter",
        inside(all.letters(), position),
        without(contents.letters(), position),
        known,
        faults);
    places(
        "duplicate behind the position",
        Map.of(),
        wrong(contents.duplicates(), all.duplicates(), position),
        known,
        faults);
    places(
        "letter behind the position",
        Map.of(),
        wrong(contents.letters(), all.letters(), position),
        known,
        faults);
    return faults;
  }

  /** Looks at everything, once all is done; no line when all is exact. */
  List<String> complete(List<SentRecord> sent) throws IOException {
    Expected expected = Expected.of(sent);
    LakeContents contents = LakeContents.read(lake.toString());
    IndexContents index = IndexContents.read(elasticsearch, layout);
    List<String> faults = new ArrayList<>();
    TableLog log = new TableLog(lake.resolve(LakeLayout.EVENTS));
    List<TableLog.Batch> batches = log.batches();
    faults.addAll(OffsetChain.faults(batches));
    places("row", expected.rows(), contents.rows(), Map.of(), faults);
    places("duplicate", expected.duplicates(), contents.duplicates(), Map.of(), faults);
    places("letter", expected.letters(), contents.letters(), Map.of(), faults);
    contents("document", expected.documents(), index.documents(), faults);
    values("count in the lake", expected.counts(), contents.counts(), faults);
    values("count in the index", expected.counts(), index.counts(), faults);
    accounting(batches, expected, sent.size(), faults);
    contents("ledger row of version", onRecord(batches), contents.ledger(), faults);
    return faults;
  }

  /** What a batch did, as text. */
  static String account(long read, long rows, long duplicates, long letters) {
    return "%d = %d + %d + %d".formatted(read, rows, duplicates, letters);
  }

  /** What the ledger has to say of each batch; commits that only take the table over are none. */
  private static Map<String, String> onRecord(List<TableLog.Batch> batches) {
    Map<String, String> onRecord = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      if (batch.accounting().path("batch").asLong() >= 0) {
        long letters = 0;
        for (JsonNode ofReason : batch.accounting().path("dead_letters")) {
          letters += ofReason.asLong();
        }
        onRecord.put(
            Long.toString(batch.version()),
            account(
                batch.accounting().path("read").asLong(),
                batch.accounting().path("rows").asLong(),
                batch.accounting().path("duplicates").asLong(),
                letters));
      }
    }
    return onRecord;
  }

  private static void accounting(
      List<TableLog.Batch> batches, Expected expected, long sent, List<String> faults) {
    Map<String, Long> told = new HashMap<>();
    for (TableLog.Batch batch : batches) {
      told.merge("read", batch.accounting().path("read").asLong(), Long::sum);
      told.merge("rows", batch.accounting().path("rows").asLong(), Long::sum);
      told.merge("duplicates", batch.accounting().path("duplicates").asLong(), Long::sum);
      batch
          .accounting()
          .path("dead_letters")
          .forEach(letters -> told.merge("letters", letters.asLong(), Long::sum));
    }
    values(
        "accounting",
        Map.of(
            "read", sent,
            "rows", (long) expected.rows().size(),
            "duplicates", (long) expected.duplicates().size(),
            "letters", (long) expected.letters().size()),
        told,
        faults);
  }

  private static Map<Place, String> inside(
      Map<Place, String> expected, Map<Integer, Long> position) {
    Map<Place, String> inside = new HashMap<>(expected);
    inside.keySet().removeIf(place -> isBehind(place, position));
    return inside;
  }

  private static Map<Place, List<String>> without(
      Map<Place, List<String>> found, Map<Integer, Long> position) {
    Map<Place, List<String>> inside = new HashMap<>(found);
    inside.keySet().removeIf(place -> isBehind(place, position));
    return inside;
  }

  private static Map<Place, List<String>> wrong(
      Map<Place, List<String>> found, Map<Place, String> expected, Map<Integer, Long> position) {
    Map<Place, List<String>> wrong = new HashMap<>(found);
    wrong
        .entrySet()
        .removeIf(
            entry ->
                !isBehind(entry.getKey(), position)
                    || (entry.getValue().size() == 1
                        && entry.getValue().get(0).equals(expected.get(entry.getKey()))));
    return wrong;
  }

  private static boolean isBehind(Place place, Map<Integer, Long> position) {
    return place.offset() >= position.getOrDefault(place.partition(), 0L);
  }

  /**
   * @param known up to where the expectation is known; further places are not judged; none: all are
   */
  private static void places(
      String what,
      Map<Place, String> expected,
      Map<Place, List<String>> found,
      Map<Integer, Long> known,
      List<String> faults) {
    Map<String, String> wanted = new HashMap<>();
    expected.forEach((place, value) -> wanted.put(place.toString(), value));
    Map<String, List<String>> there = new HashMap<>();
    found.forEach(
        (place, values) -> {
          if (known.isEmpty() || !isBehind(place, known)) {
            there.put(place.toString(), values);
          }
        });
    contents(what, wanted, there, faults);
  }

  private static void contents(
      String what,
      Map<String, String> expected,
      Map<String, List<String>> found,
      List<String> faults) {
    List<String> own = new ArrayList<>();
    expected.forEach(
        (key, value) -> {
          List<String> there = found.getOrDefault(key, List.of());
          if (there.isEmpty()) {
            own.add("%s %s is missing (%s)".formatted(what, key, value));
          } else if (there.size() > 1) {
            own.add("%s %s is there %d times".formatted(what, key, there.size()));
          } else if (!there.get(0).equals(value)) {
            own.add("%s %s is %s, not %s".formatted(what, key, there.get(0), value));
          }
        });
    found.forEach(
        (key, value) -> {
          if (!expected.containsKey(key)) {
            own.add("%s %s must not be there (%s)".formatted(what, key, value));
          }
        });
    shortened(own, faults);
  }

  private static void values(
      String what, Map<String, Long> expected, Map<String, Long> found, List<String> faults) {
    List<String> own = new ArrayList<>();
    Set<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      Long wanted = expected.getOrDefault(key, 0L);
      Long there = found.getOrDefault(key, 0L);
      if (!Objects.equals(wanted, there)) {
        own.add("%s of %s is %d, not %d".formatted(what, key, there, wanted));
      }
    }
    shortened(own, faults);
  }

  private static void shortened(List<String> own, List<String> faults) {
    faults.addAll(own.subList(0, Math.min(SHOWN, own.size())));
    if (own.size() > SHOWN) {
      faults.add("… and %d more of these".formatted(own.size() - SHOWN));
    }
  }
}
