package io.tributary.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmark of deduplication as a command. */
@Command(
    name = "deduplication",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What deduplication costs the lake: events per second from Kafka to the lake as shipped, and"
          + " the same without it, on 2 %% duplicates, with so many rows in the day already. Both"
          + " move the same batches in turns, in a new JVM for each number of rows and each round."
    })
final class DeduplicationCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--day-rows",
      split = ",",
      paramLabel = "N",
      defaultValue = "0,5000000,20000000",
      description = "Rows that the day has before (default ${DEFAULT-VALUE}).")
  private List<Long> dayRows = List.of();

  @Option(
      names = "--cold-days",
      defaultValue = "0",
      description =
          "Earlier days with as many rows each, over which one event in a thousand comes late"
              + " (default ${DEFAULT-VALUE}).")
  private int coldDays;

  @Option(
      names = "--batch",
      defaultValue = "250000",
      description = "Records of a batch (default ${DEFAULT-VALUE}, as the job is shipped).")
  private int batch;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description =
          "So often, each time in a new JVM: what its compiler makes of the code differs from one"
              + " to the next by more than from batch to batch (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--batches",
      defaultValue = "11",
      description = "Batches of a round that count; medians (default ${DEFAULT-VALUE}).")
  private int batches;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "Batches before them (default ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--remembered-events",
      defaultValue = "40000000",
      description = "As lake.remembered-events of the job (default ${DEFAULT-VALUE}).")
  private long remembered;

  @Option(
      names = "--heap",
      defaultValue = "3g",
      description = "Heap of the measuring process (default ${DEFAULT-VALUE}).")
  private String heap = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException, BenchmarkFailedException {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("The command runs only through its command line");
    }
    if (batch < 1_000
        || rounds < 1
        || batches < 1
        || warmUp < 1
        || remembered < 1
        || coldDays < 0
        || dayRows.stream().anyMatch(rows -> rows < 0)) {
      throw new ParameterException(
          own.commandLine(),
          "Invalid number: batch must be at least 1000, rounds, batches, warm-up and remembered-events at least 1, the others at least 0.");
    }
    long start = System.nanoTime();
    DeduplicationBenchmark benchmark =
        new DeduplicationBenchmark(
            new DeduplicationBenchmark.Settings(
                dayRows, coldDays, batch, rounds, batches, warmUp, remembered, heap),
            text ->
                System.err.printf(
                    "%5d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, text));
    DeduplicationReport report = benchmark.run();
    System.out.print(report.text());
    Path target = json;
    if (target != null) {
      Json.write(target, report.json());
    }
    return 0;
  }
}
