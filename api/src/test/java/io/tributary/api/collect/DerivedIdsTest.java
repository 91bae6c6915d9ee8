package io.tributary.api.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.api.problem.ProblemException;
import io.tributary.event.Event;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerivedIdsTest {
  private static final Event EVENT =
      new Event(EventIds.PLACEHOLDER, "a", 1_000_000, null, null, "{\"b\":1}");
  private static final Event OTHER =
      new Event(EventIds.PLACEHOLDER, "a", 1_000_000, null, null, "{\"b\":2}");

  @Test
  void areTheSameForTheSameRequest() {
    assertThat(new DerivedIds("k").assign(3, EVENT))
        .isEqualTo(new DerivedIds("k").assign(3, EVENT));
  }

  @Test
  void differByKeyPositionAndContent() {
    DerivedIds ids = new DerivedIds("k");
    assertThat(ids.assign(0, EVENT))
        .isNotEqualTo(ids.assign(1, EVENT))
        .isNotEqualTo(ids.assign(0, OTHER))
        .isNotEqualTo(new DerivedIds("l").assign(0, EVENT));
  }

  @Test
  void areUuidsOfVersion8() {
    UUID id = UUID.fromString(new DerivedIds("k").assign(0, EVENT));
    assertThat(id.version()).isEqualTo(8);
    assertThat(id.variant()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u00e9", "a\tb"})
  void needAKeyOfPrintableCharacters(String key) {
    assertThatThrownBy(() -> new DerivedIds(key))
        .isInstanceOf(ProblemException.class)
        .hasMessage("Invalid Idempotency-Key (must be 1 to 255 printable ASCII characters).");
  }

  @Test
  void takeKeysOfUpTo255Characters() {
    assertThat(new DerivedIds("k".repeat(255)).repeatable()).isTrue();
    assertThatThrownBy(() -> new DerivedIds("k".repeat(256))).isInstanceOf(ProblemException.class);
  }
}
