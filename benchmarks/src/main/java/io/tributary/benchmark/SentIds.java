package io.tributary.benchmark;

import java.util.HashSet;
import java.util.Set;

/** The ids that were sent; a target is compared with them id by id. */
final class SentIds {
  private static final int EXAMPLES = 3;

  private final Set<String> ids = new HashSet<>();

  void add(String id) {
    ids.add(id);
  }

  int size() {
    return ids.size();
  }

  Comparison compare() {
    return new Comparison();
  }

  /** Takes the ids of a target, any of them any number of times. */
  final class Comparison {
    private final Set<String> seen = new HashSet<>(ids.size() * 2);
    private final Set<String> foreign = new HashSet<>();

    void add(String id) {
      if (ids.contains(id)) {
        seen.add(id);
      } else if (foreign.size() < EXAMPLES) {
        foreign.add(id);
      }
    }

    int distinct() {
      return seen.size();
    }

    /**
     * Requires that the sets are equal.
     *
     * @param target what to call it
     */
    void requireEqual(String target) throws BenchmarkFailedException {
      if (ids.isEmpty() || seen.size() != ids.size() || !foreign.isEmpty()) {
        throw new BenchmarkFailedException(
            "The figure does not count: %s holds %d of the %d ids sent%s. Run again with --keep and look into the logs of its home."
                .formatted(
                    target,
                    seen.size(),
                    ids.size(),
                    foreign.isEmpty() ? "" : ", and ids that were never sent, such as " + foreign));
      }
    }
  }
}
