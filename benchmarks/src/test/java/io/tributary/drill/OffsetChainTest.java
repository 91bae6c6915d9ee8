package io.tributary.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tributary.drill.TableLog.Batch;
import io.tributary.drill.TableLog.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetChainTest {
  private static Batch batch(long version, long from, long until) {
    return new Batch(
        version, List.of(new Range("events", 0, from, until)), MissingNode.getInstance());
  }

  @Test
  void rangesThatJoinHaveNoFault() {
    assertThat(OffsetChain.faults(List.of(batch(1, 0, 5), batch(2, 5, 9)))).isEmpty();
    assertThat(OffsetChain.ends(List.of(batch(1, 0, 5), batch(2, 5, 9))))
        .containsEntry("events-0", 9L);
  }

  @Test
  void aHoleIsNamed() {
    assertThat(OffsetChain.faults(List.of(batch(1, 0, 5), batch(3, 7, 9))))
        .containsExactly("version 3 holds events-0 from 7, the commits before end at 5");
  }

  @Test
  void offsetsInTwoCommitsAreNamed() {
    assertThat(OffsetChain.faults(List.of(batch(1, 0, 5), batch(2, 3, 9), batch(3, 9, 10))))
        .containsExactly("version 2 holds events-0 from 3, the commits before end at 5");
  }

  @Test
  void behindALostRangeTheCommitThatNamesItSaysWhereItGoesOn() throws Exception {
    Batch passing =
        new Batch(
            2,
            List.of(),
            new ObjectMapper()
                .readTree(
                    """
                    {"offsets": [{"topic": "events", "partition": 0, "from": 0, "until": 0}],
                     "lost": [{"topic": "events", "partition": 0, "from": 5, "until": 8}]}
                    """));

    assertThat(OffsetChain.faults(List.of(batch(1, 0, 5), passing, batch(3, 0, 4)))).isEmpty();
    assertThat(OffsetChain.faults(List.of(batch(1, 0, 4), passing, batch(3, 8, 9))))
        .containsExactly(
            "version 2 calls events-0 lost from 5, the commits before end at 4",
            "version 3 holds events-0 from 8, the commits before end at 0");
  }

  @Test
  void aPartitionThatDoesNotBeginAtItsBeginningIsNamed() {
    assertThat(OffsetChain.faults(List.of(batch(1, 2, 5)))).hasSize(1);
  }
}
