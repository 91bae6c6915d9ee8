package io.tributary.drill;

import java.util.List;

/**
 * What came of one round of a writer that is stopped and its successor.
 *
 * @param phase where the writer was stopped
 * @param inFlight records of the writer that were not in the table, or not known to it to be there
 * @param reaction what the writer did when it went on
 * @param faults what must not be; none when the round is passed
 */
record FencingRound(int number, Phase phase, int inFlight, String reaction, List<String> faults) {
  /** Where the writer was stopped. */
  enum Phase {
    /** It was writing data files. */
    BEFORE_COMMIT,
    /** Its commit was under way and not visible. */
    INSIDE_COMMIT,
    /** Its commit was visible, and it did not know yet. */
    AFTER_COMMIT,
    /** No batch was under way: the round proves nothing. */
    NOTHING
  }

  FencingRound {
    faults = List.copyOf(faults);
  }

  boolean isValid() {
    return phase != Phase.NOTHING && inFlight > 0;
  }

  boolean isPassed() {
    return isValid() && faults.isEmpty();
  }

  String text() {
    return "%4d  %-13s  %4d in flight  %-7s  %s%s"
        .formatted(
            number,
            phase.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
            inFlight,
            !isValid() ? "INVALID" : isPassed() ? "passed" : "FAILED",
            reaction,
            faults.isEmpty()
                ? ""
                : System.lineSeparator() + "        " + String.join("; ", faults));
  }
}
