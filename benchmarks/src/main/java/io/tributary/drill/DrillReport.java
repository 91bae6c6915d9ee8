package io.tributary.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of a drill: faults by kind, and the comparisons of everything. */
final class DrillReport {
  private final long seed;
  private final List<Round> rounds = new ArrayList<>();
  private final Map<Integer, List<String>> comparisons = new TreeMap<>();
  private long sent;

  DrillReport(long seed) {
    this.seed = seed;
  }

  void add(Round round) {
    rounds.add(round);
  }

  /**
   * A comparison of everything.
   *
   * @param group whose rounds it tells of
   * @param records sent until then
   */
  void compared(int group, List<String> faults, long records) {
    comparisons.put(group, List.copyOf(faults));
    sent = records;
  }

  /** Whether something was lost, doubled or wrong anywhere. */
  boolean isDifferent() {
    return rounds.stream().anyMatch(round -> !round.faults().isEmpty())
        || comparisons.values().stream().anyMatch(faults -> !faults.isEmpty());
  }

  boolean hasInvalidRounds() {
    return rounds.stream().anyMatch(round -> !round.strike().isValid());
  }

  /** The table of faults and results. */
  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "fault", "rounds", "valid", "failed", "in flight");
    Map<String, List<Round>> byFault = new LinkedHashMap<>();
    rounds.stream()
        .sorted(java.util.Comparator.comparing(Round::fault))
        .forEach(
            round ->
                byFault.computeIfAbsent(round.fault(), absent -> new ArrayList<>()).add(round));
    byFault.forEach((fault, played) -> line(text, fault, played));
    line(text, "all", rounds);
    text.append(
        "%d records sent; everything compared %d times, %d times with differences; seed %d%n"
            .formatted(
                sent,
                comparisons.size(),
                comparisons.values().stream().filter(faults -> !faults.isEmpty()).count(),
                seed));
    comparisons.forEach(
        (group, faults) ->
            faults.forEach(fault -> text.append("  comparison %d: %s%n".formatted(group, fault))));
    return text.toString();
  }

  private static void line(StringBuilder text, String fault, List<Round> played) {
    line(
        text,
        fault,
        String.valueOf(played.size()),
        String.valueOf(played.stream().filter(round -> round.strike().isValid()).count()),
        String.valueOf(played.stream().filter(round -> !round.faults().isEmpty()).count()),
        String.valueOf(played.stream().mapToLong(round -> round.strike().inFlight()).sum()));
  }

  private static void line(StringBuilder text, String... cells) {
    text.append("%-30s %7s %7s %7s %10s%n".formatted((Object[]) cells));
  }

  /** The same as values, for JSON. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("seed", seed);
    values.put("records_sent", sent);
    values.put("different", isDifferent());
    values.put("comparisons", comparisons);
    values.put("rounds", rounds);
    return values;
  }
}
