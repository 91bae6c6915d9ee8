package io.tributary.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.api.problem.ProblemException;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPosition;
import io.tributary.query.PageRequest.Order;
import io.tributary.time.TimeRange;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final TimeRange RANGE = new TimeRange(0, 10);
  private static final EventFilter ALL = EventFilter.all(RANGE);
  private static final EventPosition POSITION = new EventPosition(-7, "\u00e9/x");

  @Test
  void comesBackAsItWas() {
    String cursor = Cursor.encode(POSITION, ALL, Order.ASC);
    assertThat(cursor).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.decode(cursor, ALL, Order.ASC)).isEqualTo(POSITION);
  }

  @Test
  void belongsToItsFilterAndOrder() {
    String cursor = Cursor.encode(POSITION, ALL, Order.ASC);
    EventFilter[] others = {
      EventFilter.all(new TimeRange(0, 11)),
      new EventFilter(RANGE, "a", null, null, null, Map.of()),
      new EventFilter(RANGE, null, "a", null, null, Map.of()),
      new EventFilter(RANGE, null, null, "a", null, Map.of()),
      new EventFilter(RANGE, null, null, null, "a", Map.of()),
      new EventFilter(RANGE, null, null, null, null, Map.of("a", "b"))
    };
    for (EventFilter other : others) {
      assertThatThrownBy(() -> Cursor.decode(cursor, other, Order.ASC))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("belongs to a search with other filters");
    }
    assertThatThrownBy(() -> Cursor.decode(cursor, ALL, Order.DESC))
        .hasMessageContaining("belongs to a search with other filters");
  }

  @Test
  void isRefusedWhenAnyCharacterOfItIsAnother() {
    String cursor = Cursor.encode(POSITION, ALL, Order.ASC);
    // The last character may carry bits that no byte holds.
    for (int at = 0; at < cursor.length() - 1; at++) {
      char other = cursor.charAt(at) == 'A' ? 'B' : 'A';
      String changed = cursor.substring(0, at) + other + cursor.substring(at + 1);
      assertThatThrownBy(() -> Cursor.decode(changed, ALL, Order.ASC))
          .as(changed)
          .isInstanceOf(ProblemException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "!", "e30", "AQAAAAA", "\u00e9"})
  void isRefusedWhenItIsNone(String text) {
    assertThatThrownBy(() -> Cursor.decode(text, ALL, Order.ASC))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("Cannot read the cursor: ");
  }
}
