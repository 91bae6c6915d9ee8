package io.tributary.benchmark;

import io.tributary.benchmark.FreshnessBenchmark.Settings;
import io.tributary.benchmark.PipelineBenchmark.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The freshness benchmark as a command. */
@Command(
    name = "freshness",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How long events take from the call that sends them to Kafka until the API counts them and"
          + " until a new Delta snapshot holds them, at a steady rate, on the shipped"
          + " configuration. Every event after the warm-up is measured."
    })
final class FreshnessCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Events per second to send (default ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description = "For how long (default ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--warm-up",
      paramLabel = "MINUTES",
      defaultValue = "3",
      description =
          "For how long before that, after a cold start; shown by itself (default"
              + " ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path json;

  @Option(names = "--keep", description = "Keep data and logs.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException, BenchmarkFailedException {
    Settings settings =
        new Settings(rate, minutes, warmUp, keep ? Retention.KEEP : Retention.DELETE);
    CommandSpec own = spec;
    if (own != null
        && (rate <= 0
            || minutes <= 0
            || warmUp < 0
            || settings.events() <= settings.warmUpEvents())) {
      throw new ParameterException(
          own.commandLine(),
          "Invalid number: rate and minutes must be above 0, warm-up must not be below 0.");
    }
    long start = System.nanoTime();
    FreshnessReport report =
        new FreshnessBenchmark(
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
    String invalidity = report.invalidity();
    if (!invalidity.isEmpty()) {
      throw new BenchmarkFailedException(invalidity);
    }
    return 0;
  }
}
