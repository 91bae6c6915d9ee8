package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was found in an hour whose two sides differ.
 *
 * @param hour its start
 * @param lake what the lake has
 * @param index what the index had
 * @param rejected rows whose documents were refused, as letters say; they explain their absence
 * @param counts how many differences of each kind
 * @param named the differences, up to a number that keeps a report readable; the counts are exact
 * @param written documents made or replaced
 * @param deleted documents deleted
 * @param refused documents that could not be made because Elasticsearch refuses them
 */
public record HourFinding(
    Instant hour,
    RangeDigest lake,
    RangeDigest index,
    long rejected,
    Map<Difference.Kind, Long> counts,
    List<Difference> named,
    long written,
    long deleted,
    long refused) {

  public HourFinding {
    counts = Map.copyOf(counts);
    named = List.copyOf(named);
  }

  /** How many differences of all kinds. */
  public long differences() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
