package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopiedCountsTest {
  private static final CopiedCounts COPIED =
      new CopiedCounts(7, List.of(), Map.of("june", "1", "july", "2"));

  @Test
  void an_index_that_is_gone_or_another_is_missing() {
    assertThat(COPIED.missingIn(Map.of("june", "1", "july", "2"))).isEmpty();
    assertThat(COPIED.missingIn(Map.of("june", "3"))).containsExactly("july", "june");
  }

  @Test
  void an_index_that_hides_its_id_is_not_missing() {
    assertThat(COPIED.missingIn(Map.of("june", "", "july", "2"))).isEmpty();
  }

  @Test
  void an_index_that_hides_its_id_counts_as_the_one_that_it_last_was() {
    Map<String, String> hidden = Map.of("june", "", "july", "2", "may", "");
    CopiedCounts now = COPIED.upTo(8, hidden, hidden);

    assertThat(now.indices()).isEqualTo(Map.of("june", "1", "july", "2", "may", ""));
    assertThat(now.missingIn(Map.of("june", "3", "july", "2", "may", "9"))).containsExactly("june");
  }
}
