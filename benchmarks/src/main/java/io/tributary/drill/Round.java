package io.tributary.drill;

import java.util.List;

/**
 * One round of the drill.
 *
 * @param faults what was wrong in the lake right after it; none when nothing was
 * @param group which comparison of everything tells of this round
 */
record Round(int number, String fault, Strike strike, List<String> faults, int group) {
  Round {
    faults = List.copyOf(faults);
  }

  String verdict() {
    return !faults.isEmpty() ? "FAILED" : strike.isValid() ? "passed" : "INVALID";
  }

  String text() {
    return "%4d  %-28s  %-7s  %6d in flight  %s%s"
        .formatted(
            number,
            fault,
            verdict(),
            strike.inFlight(),
            strike.proof(),
            faults.isEmpty()
                ? ""
                : System.lineSeparator()
                    + "        "
                    + String.join(System.lineSeparator() + "        ", faults));
  }
}
