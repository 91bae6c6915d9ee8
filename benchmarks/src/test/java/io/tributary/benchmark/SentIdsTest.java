package io.tributary.benchmark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentIdsTest {
  @Test
  void equalSetsCountHoweverOftenAnIdIsStored() {
    assertThatCode(() -> target("a", "b", "b").requireEqual("the lake")).doesNotThrowAnyException();
  }

  @Test
  void aMissingIdMakesTheFigureInvalid() {
    assertThatThrownBy(() -> target("a").requireEqual("the lake"))
        .isInstanceOf(BenchmarkFailedException.class)
        .hasMessageContaining("The figure does not count: the lake holds 1 of the 2 ids sent");
  }

  @Test
  void aForeignIdMakesTheFigureInvalid() {
    assertThatThrownBy(() -> target("a", "b", "c").requireEqual("the index"))
        .hasMessageContaining("and ids that were never sent, such as [c]");
  }

  @Test
  void nothingSentIsNoSuccess() {
    assertThatThrownBy(() -> new SentIds().compare().requireEqual("the index"))
        .hasMessageContaining("holds 0 of the 0 ids sent");
  }

  private static SentIds.Comparison target(String... stored) {
    SentIds sent = new SentIds();
    sent.add("a");
    sent.add("b");
    SentIds.Comparison comparison = sent.compare();
    List.of(stored).forEach(comparison::add);
    return comparison;
  }
}
