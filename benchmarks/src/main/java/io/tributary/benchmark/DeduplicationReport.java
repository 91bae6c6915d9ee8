package io.tributary.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What deduplication costs: medians over the rounds, for people and as JSON. */
final class DeduplicationReport {
  private static final double TARGET = 0.85;
  private static final double MEBIBYTE = 1 << 20;

  private final Machine machine;
  private final DeduplicationBenchmark.Settings settings;

  /** The rounds of each number of rows that the day has before. */
  private final Map<Long, List<DeduplicationResult>> results = new LinkedHashMap<>();

  DeduplicationReport(Machine machine, DeduplicationBenchmark.Settings settings) {
    this.machine = machine;
    this.settings = settings;
  }

  void add(DeduplicationResult result) {
    results.computeIfAbsent(result.dayRows(), absent -> new ArrayList<>()).add(result);
  }

  private double with(DeduplicationResult result) {
    return settings.batch() / Median.of(result.with());
  }

  private double without(DeduplicationResult result) {
    return settings.batch() / Median.of(result.without());
  }

  private static double median(
      List<DeduplicationResult> rounds, ToDoubleFunction<DeduplicationResult> figure) {
    return Median.of(rounds.stream().mapToDouble(figure).boxed().toList());
  }

  private static double ratio(List<DeduplicationResult> rounds) {
    return median(rounds, DeduplicationResult::ratio);
  }

  private static boolean isMet(List<DeduplicationResult> rounds) {
    return ratio(rounds) >= TARGET;
  }

  private static String each(List<DeduplicationResult> rounds) {
    return rounds.stream()
        .map(round -> "%.2f".formatted(round.ratio()))
        .collect(Collectors.joining(", "));
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%nFrom Kafka to the lake, %d round(s) of %d batches of %,d records, 2 %% duplicates; medians%n%n"
            .formatted(settings.rounds(), settings.batches(), settings.batch()));
    out.append(
        "%12s %5s %12s %12s %6s %6s %10s %10s %10s %14s%n"
            .formatted(
                "day rows",
                "cold",
                "with ev/s",
                "without",
                "ratio",
                "by CPU",
                "slowest s",
                "first s",
                "heap MiB",
                "remembered"));
    results.forEach(
        (dayRows, rounds) ->
            out.append(
                "%,12d %5d %,12.0f %,12.0f %6.2f %6.2f %10.2f %10.1f %,10.0f %,14.0f%n"
                    .formatted(
                        dayRows,
                        settings.coldDays(),
                        median(rounds, this::with),
                        median(rounds, this::without),
                        ratio(rounds),
                        median(rounds, DeduplicationResult::cpuRatio),
                        median(rounds, DeduplicationResult::slowestBatchSeconds),
                        median(rounds, DeduplicationResult::firstBatchSeconds),
                        median(rounds, result -> result.heapBytes() / MEBIBYTE),
                        median(rounds, DeduplicationResult::remembered))));
    results.forEach(
        (dayRows, rounds) ->
            out.append(
                "%n%,d rows: target ≥ %.2f, measured %.2f (%s): %s"
                    .formatted(
                        dayRows,
                        TARGET,
                        ratio(rounds),
                        each(rounds),
                        isMet(rounds) ? "met" : "MISSED")));
    out.append(
        "%n%nA JVM (-Xmx%s) for each line and round. The first batch reads the identities of its days; it%nis not counted. Machine: %s%n"
            .formatted(settings.heap(), machine.line()));
    return out.toString();
  }

  ObjectNode json() {
    ObjectNode report = Json.object();
    report.put("batch", settings.batch());
    report.put("rounds", settings.rounds());
    report.put("batches", settings.batches());
    ArrayNode lines = report.putArray("results");
    results.forEach(
        (dayRows, rounds) -> {
          ObjectNode line = lines.addObject();
          line.put("day_rows", dayRows);
          line.put("with", Math.round(median(rounds, this::with)));
          line.put("without", Math.round(median(rounds, this::without)));
          line.put("ratio", thousandths(ratio(rounds)));
          line.put("cpu_ratio", thousandths(median(rounds, DeduplicationResult::cpuRatio)));
          line.put("at_least", TARGET);
          line.put("met", isMet(rounds));
          line.set("rounds", Json.tree(rounds));
        });
    report.set("machine", Json.tree(machine));
    return report;
  }

  private static double thousandths(double ratio) {
    return Math.round(ratio * 1_000) / 1_000.0;
  }
}
