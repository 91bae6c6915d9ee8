package io.tributary.streaming;

import io.tributary.lake.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The streaming job as a program. */
@Command(
    name = "streaming-aggregator",
    mixinStandardHelpOptions = true,
    description = "Streams events from Kafka into the lake and the index until SIGTERM.",
    subcommands = {StatusCommand.class, PreflightCommand.class})
public final class StreamingAggregator implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(StreamingAggregator.class);

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** Above Spark's own hook, which would pull the session away from under the running batch. */
  private static final int BEFORE_SPARK = 100;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it all defaults hold.")
  private @Nullable Path config;

  @Option(
      names = "--queries",
      paramLabel = "lake,index",
      split = ",",
      description = "Which queries run; wins over the configuration.")
  private @Nullable List<String> queries;

  @Option(
      names = "--preflight",
      description = "Only says what this start would do; the same as the command preflight.")
  private boolean preflight;

  /** The program. Exit codes: 0 done, 1 failed at run time, 2 usage or configuration. */
  public static void main(String[] arguments) {
    int code = new CommandLine(new StreamingAggregator()).execute(arguments);
    if (code != DONE) {
      System.exit(code);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (preflight) {
      return new PreflightCommand(config).call();
    }
    StreamingConfiguration configuration;
    try {
      configuration = configuration(config, queries);
    } catch (ConfigurationException e) {
      LOG.error("{}", e.getMessage());
      return USAGE;
    }
    try (StreamingJob job = StreamingJob.start(configuration, Clock.systemUTC())) {
      stopOnSignal(job, configuration);
      String fatal = job.await();
      return fatal == null ? DONE : FAILED;
    } catch (IOException e) {
      LOG.error(
          "Cannot serve metrics on {}:{}: {}. Set metrics.port or TRIBUTARY_METRICS_PORT to a free port, or to 0.",
          configuration.metrics().host(),
          configuration.metrics().port(),
          e.getMessage());
      return FAILED;
    }
  }

  private static void stopOnSignal(StreamingJob job, StreamingConfiguration configuration) {
    ShutdownHookManager.get()
        .addShutdownHook(
            job::close,
            BEFORE_SPARK,
            configuration.stopTimeout().toSeconds() * 3 + 10,
            TimeUnit.SECONDS);
  }

  static StreamingConfiguration configuration(@Nullable Path file, @Nullable List<String> queries)
      throws ConfigurationException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    var reader = StreamingConfiguration.reader(environment);
    StreamingConfiguration read = file == null ? reader.defaults() : reader.read(file);
    return queries == null ? read : read.withQueries(queries);
  }
}
