package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * How far the index was compared with the lake. It stands in the ledger, and changes in the commits
 * that add the hours which were compared.
 *
 * @param eventsVersion the hours written to by commits to {@code events} up to here were compared
 * @param hours except for these, the starts of hours in epoch seconds
 */
record ViewPosition(long eventsVersion, List<Long> hours) {
  /** Before the first commit. */
  static final ViewPosition START = new ViewPosition(-1, List.of());

  private static final JsonMapper JSON = new JsonMapper();

  ViewPosition {
    hours = List.copyOf(hours);
  }

  /** This position, or one that is not further behind than a number of commits. */
  ViewPosition atMostBehind(long newest, long commits) {
    return new ViewPosition(Math.max(eventsVersion, newest - commits), hours);
  }

  static ViewPosition fromJson(String text) {
    try {
      return JSON.readValue(text, ViewPosition.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Cannot read the position of the comparison in the ledger: it is %s. The ledger was written by another version of this program."
              .formatted(text),
          e);
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers can always be written", e);
    }
  }
}
