package io.tributary.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What deduplication costs, for people and as JSON. */
final class DeduplicationReport {
  private static final double TARGET = 0.85;
  private static final double MEBIBYTE = 1 << 20;

  private final Machine machine;
  private final DeduplicationBenchmark.Settings settings;
  private final List<DeduplicationResult> results = new ArrayList<>();

  DeduplicationReport(Machine machine, DeduplicationBenchmark.Settings settings) {
    this.machine = machine;
    this.settings = settings;
  }

  void add(DeduplicationResult result) {
    results.add(result);
  }

  private double eventsPerSecond(DeduplicationResult result, List<Double> seconds) {
    return settings.batch() / result.median(seconds);
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%nFrom Kafka to the lake, %d batches of %,d records, 2 %% duplicates; medians%n%n"
            .formatted(settings.batches(), settings.batch()));
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
    for (DeduplicationResult result : results) {
      out.append(
          "%,12d %5d %,12.0f %,12.0f %6.2f %6.2f %10.2f %10.1f %,10.0f %,14d%n"
              .formatted(
                  result.dayRows(),
                  result.coldDays(),
                  eventsPerSecond(result, result.with()),
                  eventsPerSecond(result, result.without()),
                  result.ratio(),
                  result.cpuRatio(),
                  result.slowestBatchSeconds(),
                  result.firstBatchSeconds(),
                  result.heapBytes() / MEBIBYTE,
                  result.remembered()));
    }
    for (DeduplicationResult result : results) {
      out.append(
          "%n%,d rows: target ≥ %.2f, measured %.2f: %s"
              .formatted(
                  result.dayRows(), TARGET, result.ratio(), isMet(result) ? "met" : "MISSED"));
    }
    out.append(
        "%n%nOne JVM (-Xmx%s) for each line. The first batch reads the identities of its days; it is%nnot counted. Machine: %s%n"
            .formatted(settings.heap(), machine.line()));
    return out.toString();
  }

  private static boolean isMet(DeduplicationResult result) {
    return result.ratio() >= TARGET;
  }

  ObjectNode json() {
    ObjectNode report = Json.object();
    report.put("batch", settings.batch());
    report.put("batches", settings.batches());
    ArrayNode lines = report.putArray("results");
    for (DeduplicationResult result : results) {
      ObjectNode line = lines.addObject();
      line.put("with", Math.round(eventsPerSecond(result, result.with())));
      line.put("without", Math.round(eventsPerSecond(result, result.without())));
      line.put("ratio", Math.round(result.ratio() * 1_000) / 1_000.0);
      line.put("cpu_ratio", Math.round(result.cpuRatio() * 1_000) / 1_000.0);
      line.put("at_least", TARGET);
      line.put("met", isMet(result));
      line.set("details", Json.tree(result));
    }
    report.set("machine", Json.tree(machine));
    return report;
  }
}
