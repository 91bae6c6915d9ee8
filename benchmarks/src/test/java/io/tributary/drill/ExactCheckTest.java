package io.tributary.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.drill.SentRecord.Place;
import io.tributary.drill.TableLog.Batch;
import io.tributary.drill.TableLog.Range;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Event;
import io.tributary.produce.Expectation;
import io.tributary.produce.ManifestEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every kind of difference is named by what differs and where; exact contents give nothing. */
class ExactCheckTest {
  private static final long MINUTE = 60_000_000L;
  private static final Place ROW = new Place(0, 0, 0);
  private static final Place DUPLICATE = new Place(0, 0, 1);
  private static final Place LETTER = new Place(0, 0, 2);
  private static final Place OTHER_ROW = new Place(0, 1, 0);
  private static final List<SentRecord> SENT =
      List.of(
          row(ROW, "a", 3 * MINUTE, 11),
          sent(DUPLICATE, new ManifestEntry(Expectation.duplicate("a"), event("a", 0), 11)),
          sent(
              LETTER,
              new ManifestEntry(Expectation.deadLetter(DeadLetterReason.NOT_JSON, null), null, 0)),
          row(OTHER_ROW, "b", 4 * MINUTE, 12));

  /** What of the last batch was set aside before it was cut off. */
  private static final List<SentRecord> CUT_OFF =
      List.of(
          sent(
              new Place(0, 1, 1),
              new ManifestEntry(Expectation.deadLetter(DeadLetterReason.EMPTY, null), null, 0)),
          sent(
              new Place(0, 1, 2), new ManifestEntry(Expectation.duplicate("b"), event("b", 0), 12)),
          row(new Place(0, 1, 3), "c", 5 * MINUTE, 13));

  private static final Generations ONE = Generations.first("first");

  private final LakeContents lake = exactLake();
  private final IndexContents index = exactIndex();
  private final List<Batch> batches =
      new ArrayList<>(
          List.of(
              takingOver(1),
              batch(2, new Range("drill", 0, 0, 3), 3, 1, 1, 1),
              batch(3, new Range("drill", 1, 0, 1), 1, 1, 0, 0)));

  private static Event event(String id, long tsMicros) {
    return new Event(id, "click", tsMicros, null, null, null);
  }

  private static SentRecord row(Place place, String id, long tsMicros, long digest) {
    return sent(place, new ManifestEntry(Expectation.row(id), event(id, tsMicros), digest));
  }

  private static SentRecord sent(Place place, ManifestEntry entry) {
    return new SentRecord(place, 1_000, entry);
  }

  private static Batch takingOver(long version) {
    return batch(version, -1, List.of(), 0, 0, 0, 0);
  }

  private static Batch batch(
      long version, Range range, long read, long rows, long duplicates, long letters) {
    return batch(version, version, List.of(range), read, rows, duplicates, letters);
  }

  private static Batch batch(
      long version,
      long number,
      List<Range> ranges,
      long read,
      long rows,
      long duplicates,
      long letters) {
    Map<Integer, Long> standing = new TreeMap<>(Map.of(0, 3L));
    ranges.forEach(range -> standing.put(range.partition(), range.until()));
    List<String> offsets = new ArrayList<>();
    standing.forEach(
        (partition, until) ->
            offsets.add(
                "{\"topic\": \"drill\", \"partition\": %d, \"from\": %d, \"until\": %d}"
                    .formatted(partition, until, until)));
    String json =
        """
        {"batch": %d, "offsets": %s, "read": %d, "rows": %d, "duplicates": %d,
         "dead_letters": {"not_json": %d}}
        """
            .formatted(number, offsets, read, rows, duplicates, letters);
    try {
      return new Batch(version, ranges, new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static LakeContents exactLake() {
    Expected expected = Expected.of(SENT);
    LakeContents lake = LakeContents.nothing();
    fill(lake.rows(), expected.rows());
    fill(lake.duplicates(), expected.duplicates());
    fill(lake.letters(), expected.letters());
    lake.counts().putAll(expected.counts());
    lake.ledger().put("2", list(ExactCheck.account(3, 1, 1, 1)));
    lake.ledger().put("3", list(ExactCheck.account(1, 1, 0, 0)));
    return lake;
  }

  private static IndexContents exactIndex() {
    Expected expected = Expected.of(SENT);
    IndexContents index = new IndexContents(new HashMap<>(), new TreeMap<>());
    fill(index.documents(), expected.documents());
    index.counts().putAll(expected.counts());
    return index;
  }

  private static <K> void fill(Map<K, List<String>> found, Map<K, String> expected) {
    expected.forEach((key, value) -> found.put(key, list(value)));
  }

  private static List<String> list(String value) {
    return new ArrayList<>(List.of(value));
  }

  private List<String> complete() {
    return ExactCheck.complete(SENT, lake, index, batches, ONE);
  }

  private List<String> atPosition() {
    List<SentRecord> all = new ArrayList<>(SENT);
    all.addAll(CUT_OFF);
    return ExactCheck.atPosition(all, lake, batches, ONE);
  }

  @Test
  void exactContentsGiveNothing() {
    assertThat(complete()).isEmpty();
    assertThat(atPosition()).isEmpty();
  }

  @Test
  void aMissingRowIsNamed() {
    lake.rows().remove(OTHER_ROW);

    assertThat(complete()).containsExactly("row 1:0 is missing (b@0 click 240000000 12)");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aRowThatIsThereTwiceIsNamed() {
    lake.rows().put(ROW, List.of("a@0 click 180000000 11", "a@0 click 180000000 11"));

    assertThat(complete()).containsExactly("row 0:0 is there 2 times");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aRowWithAnotherDigestIsNamedWithBoth() {
    lake.rows().put(ROW, list("a@0 click 180000000 99"));

    assertThat(complete())
        .containsExactly("row 0:0 is a@0 click 180000000 99, not a@0 click 180000000 11");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aRowWhereNoneMayBeIsNamed() {
    lake.rows().put(DUPLICATE, list("a@0 click 180000000 11"));

    assertThat(complete()).containsExactly("row 0:1 must not be there ([a@0 click 180000000 11])");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aRowBehindThePositionIsNamedAlsoWhenItIsRight() {
    lake.rows().put(new Place(0, 1, 3), list("c@0 click 300000000 13"));

    assertThat(atPosition())
        .containsExactly("row 1:3 must not be there ([c@0 click 300000000 13])");
  }

  @Test
  void lettersAndDuplicatesBehindThePositionMayBeThereWhenTheyAreRight() {
    lake.letters().put(new Place(0, 1, 1), list("empty"));
    lake.duplicates().put(new Place(0, 1, 2), list("b"));

    assertThat(atPosition()).isEmpty();
  }

  @Test
  void wrongLettersAndDuplicatesBehindThePositionAreNamed() {
    lake.letters().put(new Place(0, 1, 1), list("not_json"));
    lake.duplicates().put(new Place(0, 1, 2), new ArrayList<>(List.of("b", "b")));
    lake.duplicates().put(new Place(0, 1, 3), list("c"));

    assertThat(atPosition())
        .containsExactlyInAnyOrder(
            "letter behind the position 1:1 must not be there ([not_json])",
            "duplicate behind the position 1:2 must not be there ([b, b])",
            "duplicate behind the position 1:3 must not be there ([c])");
  }

  @Test
  void whatLiesBeyondAllThatIsKnownIsNotJudged() {
    lake.letters().put(new Place(0, 1, 4), list("empty"));
    lake.rows().put(new Place(0, 2, 0), list("z@0 click 1 1"));

    assertThat(atPosition()).isEmpty();
  }

  @Test
  void aMissingAndAWrongDuplicateAreNamed() {
    lake.duplicates().clear();
    assertThat(complete()).containsExactly("duplicate 0:1 is missing (a)");

    lake.duplicates().put(DUPLICATE, list("b"));
    assertThat(complete()).containsExactly("duplicate 0:1 is b, not a");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aMissingAndAWrongLetterAreNamed() {
    lake.letters().clear();
    assertThat(complete()).containsExactly("letter 0:2 is missing (not_json)");

    lake.letters().put(LETTER, list("id_conflict"));
    assertThat(complete()).containsExactly("letter 0:2 is id_conflict, not not_json");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aMissingAWrongAndAForeignDocumentAreNamed() {
    index.documents().remove("a@0");
    index.documents().put("b@0", list("click 240000000 99"));
    index.documents().put("c@0", list("click 300000000 13"));

    assertThat(complete())
        .containsExactlyInAnyOrder(
            "document a@0 is missing (click 180000000 11)",
            "document b@0 is click 240000000 99, not click 240000000 12",
            "document c@0 must not be there ([click 300000000 13])");
  }

  @Test
  void aDocumentInTwoIndicesIsNamed() {
    index.documents().put("a@0", List.of("click 180000000 11", "click 180000000 11"));

    assertThat(complete()).containsExactly("document a@0 is there 2 times");
  }

  @Test
  void wrongCountsAreNamedByMinuteAndType() {
    lake.counts().put("3 click", 2L);
    index.counts().remove("4 click");
    index.counts().put("9 click", 1L);

    assertThat(complete())
        .containsExactly(
            "count in the lake of 3 click is 2, not 1",
            "count in the index of 4 click is 0, not 1",
            "count in the index of 9 click is 1, not 0");
  }

  @Test
  void accountingThatDoesNotAddUpToWhatWasSentIsNamed() {
    batches.set(2, batch(3, new Range("drill", 1, 0, 1), 1, 0, 1, 0));
    lake.ledger().put("3", list(ExactCheck.account(1, 0, 1, 0)));

    assertThat(complete())
        .containsExactly("accounting of duplicates is 2, not 1", "accounting of rows is 1, not 2");
  }

  @Test
  void aMissingAWrongAndAForeignRowOfTheLedgerAreNamed() {
    lake.ledger().remove("2");
    lake.ledger().put("3", list("1 = 0 + 1 + 0"));
    lake.ledger().put("1", list("0 = 0 + 0 + 0"));

    assertThat(complete())
        .containsExactlyInAnyOrder(
            "ledger row of version 2 is missing (3 = 1 + 1 + 1)",
            "ledger row of version 3 is 1 = 0 + 1 + 0, not 1 = 1 + 0 + 0",
            "ledger row of version 1 must not be there ([0 = 0 + 0 + 0])");
  }

  @Test
  void anOffsetInTwoCommitsIsNamed() {
    batches.add(batch(4, new Range("drill", 1, 0, 1), 0, 0, 0, 0));
    lake.ledger().put("4", list(ExactCheck.account(0, 0, 0, 0)));

    assertThat(complete())
        .containsExactly("version 4 holds drill-1 from 0, the commits before end at 1");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void ofManyDifferencesOfOneKindTheFirstFewAreShownAndTheOthersCounted() {
    for (int offset = 10; offset < 18; offset++) {
      lake.letters().put(new Place(0, 0, offset), list("empty"));
    }

    assertThat(complete()).hasSize(6).last().isEqualTo("… and 3 more of these");
  }
}
