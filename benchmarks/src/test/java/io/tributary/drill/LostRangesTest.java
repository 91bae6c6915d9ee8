package io.tributary.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.drill.SentRecord.Place;
import io.tributary.drill.TableLog.Batch;
import io.tributary.drill.TableLog.Range;
import io.tributary.event.Event;
import io.tributary.produce.Expectation;
import io.tributary.produce.ManifestEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A topic that is made again: its offsets occur twice, and what was unread is lost and on record.
 */
class LostRangesTest {
  private static final Place READ = new Place(0, 0, 0);
  private static final Place UNREAD = new Place(0, 0, 1);
  private static final Place NEW = new Place(1, 0, 0);
  private static final Place NEW_TOO = new Place(1, 0, 1);
  private static final List<SentRecord> SENT =
      List.of(row(READ, "a"), row(UNREAD, "b"), row(NEW, "c"), row(NEW_TOO, "d"));
  private static final Generations TWO = Generations.first("one").with("two", 5_000);

  private final LakeContents lake = exactLake();
  private final IndexContents index = new IndexContents(new HashMap<>(), new TreeMap<>());
  private final List<Batch> batches = batches(2);

  LostRangesTest() {
    for (SentRecord record : SENT) {
      if (!record.place().equals(UNREAD)) {
        Expected.of(List.of(record))
            .documents()
            .forEach((id, content) -> index.documents().put(id, new ArrayList<>(List.of(content))));
      }
    }
    index.counts().put("0 click", 3L);
  }

  private static SentRecord row(Place place, String id) {
    return new SentRecord(
        place,
        place.generation() * 10_000L,
        new ManifestEntry(Expectation.row(id), new Event(id, "click", 0, null, null, null), 7));
  }

  private static LakeContents exactLake() {
    LakeContents lake = LakeContents.nothing();
    for (SentRecord record : SENT) {
      if (!record.place().equals(UNREAD)) {
        Expected.of(List.of(record))
            .rows()
            .forEach((place, value) -> lake.rows().put(place, new ArrayList<>(List.of(value))));
      }
    }
    lake.counts().put("0 click", 3L);
    lake.ledger().put("1", List.of(ExactCheck.account(1, 1, 0, 0)));
    lake.ledger().put("3", List.of(ExactCheck.account(2, 2, 0, 0)));
    lake.gaps().put(Lost.gap(0, 1, 2), 1L);
    return lake;
  }

  /** One record of the old topic, the gap, two records of the new one. */
  private static List<Batch> batches(long lostUntil) {
    return new ArrayList<>(
        List.of(
            batch(1, 1, "one", new Range("drill", 0, 0, 1), "[]", 1),
            batch(
                2,
                -1,
                "two",
                new Range("drill", 0, 0, 0),
                "[{\"topic\": \"drill\", \"partition\": 0, \"from\": 1, \"until\": %d}]"
                    .formatted(lostUntil),
                0),
            batch(3, 1, "two", new Range("drill", 0, 0, 2), "[]", 2)));
  }

  private static Batch batch(
      long version, long number, String topicId, Range range, String lost, long rows) {
    String json =
        """
        {"batch": %d, "topic_ids": {"drill": "%s"}, "lost": %s, "read": %d, "rows": %d,
         "offsets": [{"topic": "drill", "partition": 0, "from": %d, "until": %d}]}
        """
            .formatted(number, topicId, lost, rows, rows, range.from(), range.until());
    try {
      JsonNode said = new ObjectMapper().readTree(json);
      return new Batch(version, range.from() < range.until() ? List.of(range) : List.of(), said);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private List<String> complete() {
    return ExactCheck.complete(SENT, lake, index, batches, TWO);
  }

  private List<String> atPosition() {
    return ExactCheck.atPosition(SENT, lake, batches, TWO);
  }

  @Test
  void theSameOffsetOfTwoTopicsAreTwoPlaces() {
    assertThat(TWO.at(4_999)).isZero();
    assertThat(TWO.at(5_000)).isEqualTo(1);
    assertThat(complete()).isEmpty();
    assertThat(atPosition()).isEmpty();
  }

  @Test
  void aRowOfTheNewTopicThatIsMissingIsNamedWithItsTopic() {
    lake.rows().remove(NEW);

    assertThat(complete()).containsExactly("row 0:0 of topic 2 is missing (c@0 click 0 7)");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aRowOfARecordThatIsCalledLostIsNamed() {
    lake.rows().put(UNREAD, List.of("b@0 click 0 7"));

    assertThat(complete()).containsExactly("row 0:1 must not be there ([b@0 click 0 7])");
    assertThat(atPosition()).isEqualTo(complete());
  }

  @Test
  void aLostRangeThatIsNotOnRecordOrNotInTheLedgerIsNamed() {
    lake.gaps().clear();
    assertThat(complete()).containsExactly("gap in the ledger of partition 0, 1 to 2 is 0, not 1");

    batches.set(1, batch(2, -1, "two", new Range("drill", 0, 0, 0), "[]", 0));
    assertThat(complete()).contains("lost range of topic 1, partition 0 is missing (1 to 2)");
    assertThat(atPosition()).contains("lost range of topic 1, partition 0 is missing (1 to 2)");
  }

  @Test
  void aLostRangeOfAnotherLengthIsNamedWithBoth() {
    batches.clear();
    batches.addAll(batches(1));

    assertThat(atPosition())
        .containsExactly("lost range of topic 1, partition 0 is 1 to 1, not 1 to 2");
  }

  @Test
  void theIndexMayHoldWhatItHadReadOfALostRangeIfItIsRight() {
    index.documents().put("b@0", List.of("click 0 7"));
    assertThat(complete()).isEmpty();

    index.documents().put("b@0", List.of("click 0 8"));
    assertThat(complete()).containsExactly("document b@0 must not be there ([click 0 8])");
  }

  @Test
  void whatWasSetAsideOfALostRangeMayBeThereOnlyIfItIsRight() {
    lake.letters().put(UNREAD, List.of("not_json"));

    assertThat(complete())
        .containsExactly("letter in a lost range 0:1 must not be there ([not_json])");
    assertThat(atPosition())
        .containsExactly("letter behind the position 0:1 must not be there ([not_json])");
  }
}
