package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the commits of the lake query are in the ledger. It stands in the ledger itself, and
 * changes in the commits that add their rows.
 *
 * @param eventsVersion the last version of {@code events} that is in
 * @param gaps the newest that are on record, the newest last
 */
record LedgerPosition(long eventsVersion, List<OnRecord> gaps) {
  /** Before the first row. */
  static final LedgerPosition START = new LedgerPosition(0, List.of());

  private static final JsonMapper JSON = new JsonMapper();

  LedgerPosition {
    gaps =
        List.copyOf(gaps.subList(Math.max(0, gaps.size() - QueryStatus.GAPS_SHOWN), gaps.size()));
  }

  /**
   * A gap.
   *
   * @param foundAt ISO-8601
   */
  record OnRecord(
      String topic, int partition, long from, long until, String detail, String foundAt) {
    static OnRecord of(QueryStatus.KnownGap gap) {
      return new OnRecord(
          gap.topic(),
          gap.partition(),
          gap.from(),
          gap.until(),
          gap.detail(),
          gap.foundAt().toString());
    }

    QueryStatus.KnownGap known() {
      return new QueryStatus.KnownGap(
          topic, partition, from, until, detail, Instant.parse(foundAt));
    }
  }

  /** A later one. */
  LedgerPosition after(long version, List<QueryStatus.KnownGap> found) {
    List<OnRecord> all = new ArrayList<>(gaps);
    found.forEach(gap -> all.add(OnRecord.of(gap)));
    return new LedgerPosition(Math.max(version, eventsVersion), all);
  }

  static LedgerPosition fromJson(String text) {
    try {
      return JSON.readValue(text, LedgerPosition.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read the position in the ledger: " + text, e);
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers and texts can always be written", e);
    }
  }
}
