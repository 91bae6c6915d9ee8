package io.tributary.backfill;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.table.LedgerRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every job has around it: a row in the ledger when it starts and when it ends, a report, an
 * exit code, and an end on SIGTERM that is written down too.
 */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Above Spark's own hook, which would pull the session away from under the job. */
  private static final int BEFORE_SPARK = 100;

  private final Job job;
  private final BackfillConfiguration configuration;
  private final Clock clock;
  private final PrintWriter out;
  private final @Nullable Path report;

  /**
   * @param out where results for people go
   * @param report where the report goes; null for none
   */
  JobRun(
      Job job,
      BackfillConfiguration configuration,
      Clock clock,
      PrintWriter out,
      @Nullable Path report) {
    this.job = job;
    this.configuration = configuration;
    this.clock = clock;
    this.out = out;
    this.report = report;
  }

  /** Says what the job would do. */
  int plan() {
    return work(
        workplace -> {
          Outcome outcome = job.plan(workplace);
          return new Outcome(Outcome.State.DONE, outcome.lines(), outcome.figures());
        },
        Recording.NONE);
  }

  /** Does the job. */
  int run() {
    return work(job::run, Recording.LEDGER);
  }

  /** Whether the run leaves rows in the ledger. */
  private enum Recording {
    LEDGER,
    NONE
  }

  private interface Work {
    Outcome on(Workplace workplace) throws IOException, StoppedException;
  }

  private int work(Work work, Recording recording) {
    Instant start = clock.instant();
    String run = RunId.at(start);
    Workplace workplace = Workplace.open(run, configuration, clock);
    CountDownLatch ended = new CountDownLatch(1);
    Runnable hook = () -> stop(workplace, ended);
    ShutdownHookManager.get()
        .addShutdownHook(
            hook, BEFORE_SPARK, configuration.stopTimeout().toSeconds() + 10, TimeUnit.SECONDS);
    try {
      return work(work, recording, workplace, start);
    } finally {
      ended.countDown();
      if (!workplace.stopping().get()) {
        ShutdownHookManager.get().removeShutdownHook(hook);
      }
    }
  }

  private int work(Work work, Recording recording, Workplace workplace, Instant start) {
    record(recording, workplace, "started", Map.of());
    LOG.info("{} {} started", job.name(), workplace.run());
    try {
      Outcome outcome = work.on(workplace);
      boolean done = outcome.state() == Outcome.State.DONE;
      return end(
          recording,
          workplace,
          start,
          done ? "done" : "differences",
          outcome.lines(),
          outcome.figures(),
          done ? BackfillJobs.DONE : BackfillJobs.FAILED);
    } catch (StoppedException e) {
      return stopped(recording, workplace, start, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      if (workplace.stopping().get()) {
        // The stop has cut off what Spark was doing; that is no failure of the job.
        LOG.debug("Cut off by the stop", e);
        return stopped(recording, workplace, start, "start it again: what is done changes nothing");
      }
      LOG.error("{} {} failed: {}", job.name(), workplace.run(), message(e), e);
      return end(
          recording,
          workplace,
          start,
          "failed",
          List.of("Failed: " + message(e)),
          Map.of("problem", message(e)),
          BackfillJobs.FAILED);
    }
  }

  private int stopped(Recording recording, Workplace workplace, Instant start, String remedy) {
    return end(
        recording,
        workplace,
        start,
        "stopped",
        List.of("Stopped before the end; to go on, " + remedy + "."),
        Map.of("go_on", remedy),
        BackfillJobs.FAILED);
  }

  private int end(
      Recording recording,
      Workplace workplace,
      Instant start,
      String state,
      List<String> lines,
      Map<String, Object> figures,
      int code) {
    lines.forEach(out::println);
    out.flush();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("job", job.name());
    all.put("run", workplace.run());
    all.put("plan", recording == Recording.NONE);
    all.put("arguments", job.arguments());
    all.put("started_at", start.toString());
    all.put("ended_at", clock.instant().toString());
    all.put("state", state);
    all.put("result", figures);
    int written = writeReport(all);
    record(recording, workplace, state, summary(figures));
    LOG.info("{} {} {}", job.name(), workplace.run(), state);
    return Math.max(code, written);
  }

  /** The ledger keeps what is short; lists of ids are in the report. */
  private static Map<String, Object> summary(Map<String, Object> figures) {
    Map<String, Object> summary = new LinkedHashMap<>(figures);
    summary.values().removeIf(value -> value instanceof List<?>);
    return summary;
  }

  private void record(
      Recording recording, Workplace workplace, String state, Map<String, Object> figures) {
    if (recording == Recording.NONE) {
      return;
    }
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("state", state);
    detail.put("arguments", job.arguments());
    detail.putAll(figures);
    Ledger.open(workplace.engine(), workplace.lakeRoot())
        .append(List.of(LedgerRow.run(clock.instant(), workplace.run(), job.name(), detail)));
  }

  private int writeReport(Map<String, Object> report) {
    Path file = this.report;
    if (file == null) {
      return BackfillJobs.DONE;
    }
    try {
      Files.writeString(file, JSON.writeValueAsString(report) + System.lineSeparator());
      return BackfillJobs.DONE;
    } catch (IOException e) {
      LOG.error(
          "Cannot write the report {}: {}. Give --report a file that can be written.",
          file,
          e.toString());
      return BackfillJobs.FAILED;
    }
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private void stop(Workplace workplace, CountDownLatch ended) {
    workplace.stop();
    try {
      if (!ended.await(configuration.stopTimeout().toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("{} did not stop in {}", job.name(), configuration.stopTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
