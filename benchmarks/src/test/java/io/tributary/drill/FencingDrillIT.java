package io.tributary.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.seam.Guard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes and real signals: a writer that was stopped never writes beside its successor. */
class FencingDrillIT {
  private static final int ROUNDS = 10;

  private static List<FencingRound> play(FencingDrill drill) throws Exception {
    List<FencingRound> valid = new ArrayList<>();
    for (int number = 0; valid.size() < ROUNDS && number < 4 * ROUNDS; number++) {
      FencingRound round = drill.round(number);
      if (round.isValid()) {
        valid.add(round);
      }
    }
    return valid;
  }

  @Test
  void aWriterThatWasStoppedIsRefusedBesideItsSuccessor(@TempDir Path home) throws Exception {
    try (FencingDrill drill = FencingDrill.start(home, 3, null, null)) {
      List<FencingRound> rounds = play(drill);

      assertThat(rounds).hasSize(ROUNDS).allSatisfy(round -> assertThat(round.faults()).isEmpty());
      assertThat(rounds).anyMatch(round -> round.phase() == FencingRound.Phase.INSIDE_COMMIT);
    }
  }

  @Test
  void withoutFencingTheRoundsInsideACommitFail(@TempDir Path home) throws Exception {
    try (FencingDrill drill = FencingDrill.start(home, 3, null, Guard.FENCING)) {
      assertThat(play(drill))
          .filteredOn(round -> round.phase() == FencingRound.Phase.INSIDE_COMMIT)
          .isNotEmpty()
          .anySatisfy(round -> assertThat(round.faults()).isNotEmpty());
    }
  }
}
