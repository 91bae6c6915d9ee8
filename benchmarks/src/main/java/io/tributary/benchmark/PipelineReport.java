package io.tributary.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of a pipeline benchmark: medians over the rounds, for people and as JSON. */
final class PipelineReport {
  private static final double LAKE_TARGET = 0.6;
  private static final double INDEX_TARGET = 0.75;
  private static final double RATIO_TARGET = 1.0;
  private static final double MICROS = 1e6;

  private final Machine machine;
  private final PipelineBenchmark.Settings settings;
  private final Map<Figure, List<RunResult>> runs = new EnumMap<>(Figure.class);

  PipelineReport(Machine machine, PipelineBenchmark.Settings settings) {
    this.machine = machine;
    this.settings = settings;
  }

  void add(Figure figure, RunResult result) {
    runs.computeIfAbsent(figure, none -> new ArrayList<>()).add(result);
  }

  /** Median events per second; empty when it was not measured. */
  OptionalDouble eventsPerSecond(Figure figure) {
    List<RunResult> results = runs.getOrDefault(figure, List.of());
    return results.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(settings.events() / median(results, RunResult::seconds));
  }

  /** How much more both together move than one after the other on the same machine would. */
  OptionalDouble ratio() {
    OptionalDouble lake = eventsPerSecond(Figure.LAKE);
    OptionalDouble index = eventsPerSecond(Figure.INDEX);
    OptionalDouble both = eventsPerSecond(Figure.BOTH);
    return lake.isEmpty() || index.isEmpty() || both.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            both.getAsDouble() / (1 / (1 / lake.getAsDouble() + 1 / index.getAsDouble())));
  }

  private List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    share("lake / bare_delta", LAKE_TARGET, Figure.LAKE, Figure.BARE_DELTA, targets);
    share("index / bare_bulk", INDEX_TARGET, Figure.INDEX, Figure.BARE_BULK, targets);
    ratio().ifPresent(value -> targets.add(new Target("ratio", RATIO_TARGET, value)));
    return targets;
  }

  private void share(
      String name, double required, Figure figure, Figure bare, List<Target> targets) {
    OptionalDouble ours = eventsPerSecond(figure);
    OptionalDouble theirs = eventsPerSecond(bare);
    if (ours.isPresent() && theirs.isPresent()) {
      targets.add(new Target(name, required, ours.getAsDouble() / theirs.getAsDouble()));
    }
  }

  ObjectNode json() {
    ObjectNode report = Json.object();
    for (Figure figure : Figure.values()) {
      eventsPerSecond(figure).ifPresent(value -> report.put(figure.code(), Math.round(value)));
    }
    ratio().ifPresent(value -> report.put("ratio", rounded(value)));
    report.put("events", settings.events());
    report.put("rounds", settings.rounds());
    report.put("partitions", settings.partitions());
    report.put("warm_up_events", settings.warmUp());
    ArrayNode targets = report.putArray("targets");
    for (Target target : targets()) {
      targets
          .addObject()
          .put("name", target.name)
          .put("at_least", target.required)
          .put("measured", rounded(target.measured))
          .put("met", target.isMet());
    }
    report.set("machine", Json.tree(machine));
    ObjectNode details = report.putObject("details");
    runs.forEach(
        (figure, results) -> {
          ArrayNode rounds = details.putArray(figure.code());
          for (RunResult result : results) {
            ObjectNode round = rounds.addObject();
            round.put("events_per_second", Math.round(settings.events() / result.seconds()));
            round.setAll((ObjectNode) Json.tree(result));
          }
        });
    return report;
  }

  /** The report as a screen of text. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%n%,d events, %d partitions, %d round(s), medians; CPU in µs an event%n%n"
            .formatted(settings.events(), settings.partitions(), settings.rounds()));
    out.append(
        "%-12s %10s   %-30s %8s %8s %8s %8s%n"
            .formatted("", "events/s", "rounds", "process", "kafka", "elastic", "others"));
    runs.forEach((figure, results) -> out.append(line(figure, results)));
    ratio().ifPresent(value -> out.append("%-12s %10.2f%n".formatted("ratio", value)));
    out.append(System.lineSeparator());
    for (Target target : targets()) {
      out.append(target.line()).append(System.lineSeparator());
    }
    out.append(
        "%nEach figure in a JVM of its own (-Xmx%s), after a warm-up of %,d events; the clock runs from the%nstart of the query, in a session that is there, to the last commit. Every figure's target holds%nexactly the ids sent.%nMachine: %s%n"
            .formatted(settings.heap(), settings.warmUp(), machine.line()));
    return out.toString();
  }

  private String line(Figure figure, List<RunResult> results) {
    String rounds =
        String.join(
            " ",
            results.stream()
                .map(result -> "%,.0f".formatted(settings.events() / result.seconds()))
                .toList());
    return "%-12s %,10.0f   %-30s %8.1f %8.1f %8.1f %8s%n"
        .formatted(
            figure.code(),
            eventsPerSecond(figure).orElseThrow(),
            rounds,
            micros(results, RunResult::ownCpuSeconds),
            micros(results, RunResult::kafkaCpuSeconds),
            micros(results, RunResult::elasticsearchCpuSeconds),
            results.stream().anyMatch(result -> result.othersCpuSeconds() == null)
                ? "?"
                : "%.1f".formatted(micros(results, PipelineReport::others)));
  }

  private static double others(RunResult result) {
    Double others = result.othersCpuSeconds();
    return others == null ? 0 : others;
  }

  private double micros(List<RunResult> results, Reading reading) {
    return median(results, reading) * MICROS / settings.events();
  }

  private static double median(List<RunResult> results, Reading reading) {
    return Median.of(results.stream().map(reading::of).toList());
  }

  private static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  private interface Reading {
    double of(RunResult result);
  }

  private record Target(String name, double required, double measured) {
    boolean isMet() {
      return measured >= required;
    }

    String line() {
      return "%-18s target ≥ %.2f, measured %.2f: %s"
          .formatted(
              name,
              required,
              measured,
              isMet() ? "met" : "MISSED by %.0f %%".formatted((1 - measured / required) * 100));
    }
  }
}
