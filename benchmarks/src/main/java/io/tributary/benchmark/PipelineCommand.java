package io.tributary.benchmark;

import io.tributary.benchmark.PipelineBenchmark.Retention;
import io.tributary.benchmark.PipelineBenchmark.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The pipeline benchmark as a command. */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Events per second of: bare_delta (plain Spark: Kafka, from_json, Delta), bare_bulk (the"
          + " official client, ready documents), our lake query alone, our index query alone, and"
          + " both. A figure counts only if its target holds exactly the ids sent."
    })
final class PipelineCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--events",
      defaultValue = "1000000",
      description = "Records to move (default ${DEFAULT-VALUE}).")
  private long events;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often each figure is measured; medians count (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "Partitions of the topic (default ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--warm-up",
      defaultValue = "100000",
      description =
          "Records that each process moves before the clock starts (default ${DEFAULT-VALUE}).")
  private long warmUp;

  @Option(
      names = "--figures",
      split = ",",
      paramLabel = "NAME",
      description = "Only these: bare_delta, bare_bulk, lake, index, both.")
  private List<String> figures = List.of();

  @Option(
      names = "--heap",
      defaultValue = "3g",
      description = "Heap of each measuring process (default ${DEFAULT-VALUE}).")
  private String heap = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration of the streaming job under test; default: the shipped one.")
  private @Nullable Path configuration;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path json;

  @Option(names = "--keep", description = "Keep data and logs.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException, BenchmarkFailedException {
    if (events < 1 || warmUp < 1 || rounds < 1 || partitions < 1) {
      throw wrong("Invalid number: events, warm-up, rounds and partitions must be at least 1.");
    }
    Path config = configuration;
    Settings settings =
        new Settings(
            events,
            warmUp,
            partitions,
            rounds,
            figures.isEmpty()
                ? List.of(Figure.values())
                : figures.stream().map(this::figure).toList(),
            heap,
            config == null ? null : config.toAbsolutePath(),
            keep ? Retention.KEEP : Retention.DELETE);
    long start = System.nanoTime();
    PipelineReport report =
        new PipelineBenchmark(
                settings,
                line ->
                    System.err.printf(
                        "%5d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, line))
            .run();
    System.out.print(report.text());
    Path target = json;
    if (target != null) {
      Json.write(target, report.json());
    }
    return 0;
  }

  private Figure figure(String name) {
    return Arrays.stream(Figure.values())
        .filter(figure -> figure.code().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "Invalid figure: %s (bare_delta, bare_bulk, lake, index or both)."
                        .formatted(name)));
  }

  private ParameterException wrong(String message) {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("The command runs only through its command line");
    }
    return new ParameterException(own.commandLine(), message);
  }
}
