package io.tributary.streaming;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a batch did, for people and metrics.
 *
 * @param deadLetters by reason
 * @param millis by step, in the order of the steps
 * @param version of the table, -1 where there is none
 */
record BatchReport(
    String query,
    long batch,
    long read,
    long accepted,
    long duplicates,
    Map<String, Long> deadLetters,
    long misfits,
    Map<String, Long> millis,
    long version) {

  long dead() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }

  long totalMillis() {
    return millis.values().stream().mapToLong(Long::longValue).sum();
  }

  /** One line. */
  String line(QueryStatus.View status) {
    String steps =
        millis.entrySet().stream()
            .map(step -> step.getKey() + " " + step.getValue())
            .collect(Collectors.joining(", "));
    return "%s batch %d: %d in, %d accepted, %d dead%s, %d duplicates%s; lag %s records, %s s; %d ms (%s)"
        .formatted(
            query,
            batch,
            read,
            accepted,
            dead(),
            deadLetters.isEmpty() ? "" : " " + deadLetters,
            duplicates,
            misfits == 0 ? "" : ", %d values did not fit their field".formatted(misfits),
            status.lagRecords() < 0 ? "?" : Long.toString(status.lagRecords()),
            Double.isNaN(status.lagSeconds()) ? "?" : "%.1f".formatted(status.lagSeconds()),
            totalMillis(),
            steps);
  }
}
