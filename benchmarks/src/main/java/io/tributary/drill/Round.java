package io.tributary.drill;

import java.util.List;

/**
 * One round of the drill.
 *
 * @param faults what was wrong in the lake right after it; none when nothing was
 * @param group which comparison of everything tells of this round
 * @param strikeMillis how long the fault took, with the start of the job
 * @param lookMillis how long the lake was looked at right after
 */
record Round(
    int number,
    String fault,
    Strike strike,
    List<String> faults,
    int group,
    long strikeMillis,
    long lookMillis) {
  Round {
    faults = List.copyOf(faults);
  }

  String verdict() {
    return !faults.isEmpty() ? "FAILED" : strike.isValid() ? "passed" : "INVALID";
  }

  String text() {
    return "%4d  %-28s  %-7s  %6d in flight  %4.1f + %.1f s  %s%s"
        .formatted(
            number,
            fault,
            verdict(),
            strike.inFlight(),
            strikeMillis / 1000.0,
            lookMillis / 1000.0,
            strike.proof(),
            faults.isEmpty()
                ? ""
                : System.lineSeparator()
                    + "        "
                    + String.join(System.lineSeparator() + "        ", faults));
  }
}
