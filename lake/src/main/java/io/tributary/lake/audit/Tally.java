package io.tributary.lake.audit;

import io.tributary.lake.audit.AuditReport.ComparedHour;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The differences of one hour while they are being found. */
final class Tally {
  private static final int MOST_NAMED = 10_000;

  private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
  private final List<Difference> named = new ArrayList<>();
  private final Set<String> altered = new HashSet<>();
  private long written;
  private long deleted;
  private long refused;

  /** What had been found when a repair was last begun. */
  private Map<Difference.Kind, Long> certain = Map.of();

  private int certainlyNamed;

  /**
   * Counts a difference.
   *
   * @return whether it is new: an altered document may be found in more than one way
   */
  boolean add(Difference.Kind kind, String eventId, LocalDate day) {
    if (kind == Difference.Kind.ALTERED && !altered.add(eventId)) {
      return false;
    }
    counts.merge(kind, 1L, Long::sum);
    if (named.size() < MOST_NAMED) {
      named.add(new Difference(kind, eventId, day));
    }
    return true;
  }

  void written(long documents) {
    written += documents;
  }

  void deleted(long documents) {
    deleted += documents;
  }

  void refused(long documents) {
    refused += documents;
  }

  /**
   * A repair is begun: what was found until now is so, because the index was just found to be ours,
   * and it may not be found again.
   */
  void repairBegins() {
    certain = Map.copyOf(counts);
    certainlyNamed = named.size();
  }

  /** Whether a repair was begun. */
  boolean isRepaired() {
    return !certain.isEmpty();
  }

  /** What was found before the last repair was begun, and what was done about it. */
  HourFinding repairedOf(ComparedHour hour) {
    return of(hour, certain, named.subList(0, certainlyNamed));
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  HourFinding of(ComparedHour hour) {
    return of(hour, counts, named);
  }

  private HourFinding of(
      ComparedHour hour, Map<Difference.Kind, Long> kinds, List<Difference> differences) {
    return new HourFinding(
        hour.hour(),
        hour.lake(),
        hour.index(),
        hour.refused().count(),
        kinds,
        differences,
        written,
        deleted,
        refused);
  }
}
