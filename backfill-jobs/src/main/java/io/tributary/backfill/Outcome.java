package io.tributary.backfill;

import java.util.List;
import java.util.Map;

/**
 * What a job did, or would do.
 *
 * @param lines for people
 * @param figures for the report, as JSON can hold them
 */
record Outcome(State state, List<String> lines, Map<String, Object> figures) {
  /** How it ended. */
  enum State {
    /** As it should. */
    DONE,
    /** Something is left that is not as it should be. */
    DIFFERENCES
  }

  Outcome {
    lines = List.copyOf(lines);
  }
}
