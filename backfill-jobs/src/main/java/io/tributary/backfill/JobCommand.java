package io.tributary.backfill;

import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.time.InvalidTimeException;
import io.tributary.time.QueryTime;
import io.tributary.time.TimeRange;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that all jobs have. */
abstract class JobCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(JobCommand.class);

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it all defaults hold.")
  private @Nullable Path config;

  @Option(names = "--plan", description = "Say what would be done, with counts, and touch nothing.")
  private boolean plan;

  @Option(names = "--report", paramLabel = "FILE", description = "Write what was done, as JSON.")
  private @Nullable Path report;

  /** The job as the command line orders it. */
  abstract Job job();

  @Override
  public final Integer call() {
    BackfillConfiguration configuration;
    try {
      var reader = BackfillConfiguration.reader(new HashMap<>(System.getenv()));
      configuration = config == null ? reader.defaults() : reader.read(config);
    } catch (ConfigurationException e) {
      LOG.error("{}", e.getMessage());
      return BackfillJobs.USAGE;
    }
    JobRun run =
        new JobRun(job(), configuration, Clock.systemUTC(), spec.commandLine().getOut(), report);
    return plan ? run.plan() : run.run();
  }

  /** A mistake on the command line. */
  ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The range of event time that a job works on. */
  static final class Hours {
    @Option(
        names = "--from",
        paramLabel = "TIME",
        description =
            "The first event time, ISO-8601 or epoch seconds or milliseconds; its whole UTC hour"
                + " is taken. Without it from the beginning.")
    private @Nullable String from;

    @Option(
        names = "--to",
        paramLabel = "TIME",
        description =
            "The end of event times, not included; when it is no whole UTC hour, its hour is"
                + " taken whole. Without it to the end.")
    private @Nullable String to;

    /** The range in whole UTC hours. */
    TimeRange range(JobCommand command) {
      TimeRange all = AuditOrder.everything();
      long start = micros(from, all.startMicros(), command);
      long end = micros(to, all.endMicros(), command);
      if (start >= end) {
        throw command.mistake(
            "Invalid --from and --to: %s to %s holds no time (--from must lie before --to)."
                .formatted(from, to));
      }
      return AuditOrder.wholeHours(instant(start), instant(end));
    }

    private static long micros(@Nullable String text, long otherwise, JobCommand command) {
      if (text == null) {
        return otherwise;
      }
      try {
        return Math.max(0, QueryTime.parseMicros(text));
      } catch (InvalidTimeException e) {
        throw command.mistake(String.valueOf(e.getMessage()));
      }
    }

    private static Instant instant(long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
  }
}
