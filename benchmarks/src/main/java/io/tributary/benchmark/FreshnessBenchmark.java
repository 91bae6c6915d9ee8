package io.tributary.benchmark;

import io.tributary.produce.KafkaDestination;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How old events are when they become countable by the API and visible in the lake, at a steady
 * rate. The streaming job and the API run as processes, by their scripts and with the shipped
 * configuration. They are as cold as a start leaves them: the minutes in which the JVMs compile
 * what runs often are shown, and left out of the figures, which are of a system that runs.
 */
final class FreshnessBenchmark {
  private static final String TOPIC = "events";
  private static final int PARTITIONS = 4;
  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 60;

  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * What is asked for.
   *
   * @param minutes that are measured
   * @param warmUpMinutes before them, at the same rate; shown by themselves
   */
  record Settings(
      double perSecond,
      double minutes,
      double warmUpMinutes,
      PipelineBenchmark.Retention retention) {
    /** All that are sent. */
    int events() {
      return warmUpEvents() + (int) Math.round(perSecond * minutes * 60);
    }

    int warmUpEvents() {
      return (int) Math.round(perSecond * warmUpMinutes * 60);
    }

    double allMinutes() {
      return minutes + warmUpMinutes;
    }
  }

  FreshnessBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Measures. */
  FreshnessReport run() throws IOException, InterruptedException, BenchmarkFailedException {
    Machine machine = Machine.here();
    try (TemporaryHome home = TemporaryHome.create("benchmark")) {
      if (settings.retention() == PipelineBenchmark.Retention.KEEP) {
        home.keep();
      }
      progress.accept(
          "Starting Kafka, Elasticsearch, the streaming job and the API in " + home.path());
      int port = RunningProgram.freePort();
      Path logs = home.path().resolve("logs");
      try (LocalStack stack = LocalStack.start(StackOptions.in(home.path().resolve("stack")))) {
        KafkaDestination.prepareTopic(stack.kafka(), TOPIC, PARTITIONS);
        Map<String, String> environment = environment(stack, home.path(), port);
        try (RunningProgram job =
                RunningProgram.start(
                    "streaming-aggregator",
                    List.of(),
                    environment,
                    logs.resolve("streaming-aggregator.log"));
            RunningProgram api =
                RunningProgram.start("api", List.of(), environment, logs.resolve("api.log"))) {
          CountApi count = new CountApi("http://127.0.0.1:" + port);
          awaitFirstEvent(stack, count, job, api);
          return measure(machine, stack, home.path().resolve("lake"), count, job, api);
        }
      } catch (BenchmarkFailedException | IOException | RuntimeException e) {
        home.keep();
        throw e;
      }
    }
  }

  private static Map<String, String> environment(LocalStack stack, Path home, int port)
      throws IOException {
    return Map.of(
        "TRIBUTARY_HOME", home.toString(),
        "TRIBUTARY_KAFKA", stack.kafka(),
        "TRIBUTARY_TOPIC", TOPIC,
        "TRIBUTARY_ELASTICSEARCH", stack.elasticsearch(),
        "TRIBUTARY_LAKE", home.resolve("lake").toString(),
        "TRIBUTARY_CHECKPOINTS", home.resolve("checkpoints").toString(),
        "TRIBUTARY_INDEX_PREFIX", "",
        "TRIBUTARY_API_PORT", Integer.toString(port),
        "TRIBUTARY_ADMIN_PORT", Integer.toString(RunningProgram.freePort()),
        "TRIBUTARY_METRICS_PORT", Integer.toString(RunningProgram.freePort()));
  }

  /** One event of yesterday, outside of what is measured, that shows that everything runs. */
  private void awaitFirstEvent(
      LocalStack stack, CountApi count, RunningProgram job, RunningProgram api)
      throws IOException, InterruptedException, BenchmarkFailedException {
    long yesterday = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    PacedSender first = new PacedSender(stack.kafka(), TOPIC, 1, 1_000, yesterday);
    first.call();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      job.requireRunning();
      api.requireRunning();
      if (count.count(first.time(0), first.time(1)).orElse(0) == 1) {
        progress.accept("Everything runs: the first event is countable");
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new BenchmarkFailedException(
            "Cannot measure freshness: the first event was not countable within %d s (the API said: %s). See the logs of the streaming job and of the API."
                .formatted(START_SECONDS, count.lastProblem()));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private FreshnessReport measure(
      Machine machine,
      LocalStack stack,
      Path lake,
      CountApi count,
      RunningProgram job,
      RunningProgram api)
      throws IOException, InterruptedException, BenchmarkFailedException {
    PacedSender sender =
        new PacedSender(
            stack.kafka(),
            TOPIC,
            settings.events(),
            settings.perSecond(),
            System.currentTimeMillis());
    LakeWatch lakeWatch = new LakeWatch(lake);
    long checkpointsBefore = lakeWatch.logCheckpoints();
    long deadline =
        System.nanoTime()
            + TimeUnit.SECONDS.toNanos((long) (settings.allMinutes() * 60 * 1.2) + END_SECONDS);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      progress.accept(
          "Sending %.0f events/s for %s minutes to warm up, then for %s minutes that are measured"
              .formatted(settings.perSecond(), settings.warmUpMinutes(), settings.minutes()));
      int unansweredBefore = count.unanswered();
      Effort effort = Effort.begin(stack.broker().pid(), stack.node().pid());
      double jobBefore = job.cpuSeconds();
      double apiBefore = api.cpuSeconds();
      Future<Map<Long, Long>> versions = threads.submit(lakeWatch);
      Future<Double> sending = threads.submit(sender);
      Future<long[]> counting = threads.submit(new IndexWatch(count, sender, deadline));
      double achieved = get(sending);
      long[] countable = get(counting);
      Progress.await(
          new LakeProgress(lake, TopicEnds.of(stack.kafka(), TOPIC)),
          System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(END_SECONDS),
          "the lake");
      RunResult cpu = effort.end(System.currentTimeMillis(), Map.of());
      lakeWatch.finish();
      Map<String, Double> cores = new LinkedHashMap<>();
      cores.put("streaming job", cores(job.cpuSeconds() - jobBefore, cpu));
      cores.put("elasticsearch", cores(cpu.elasticsearchCpuSeconds(), cpu));
      cores.put("kafka", cores(cpu.kafkaCpuSeconds(), cpu));
      cores.put("api", cores(api.cpuSeconds() - apiBefore, cpu));
      cores.put("benchmark", cores(cpu.ownCpuSeconds(), cpu));
      long checkpoints = lakeWatch.logCheckpoints() - checkpointsBefore;
      progress.accept("Reading which events came with which version of the lake");
      long[] visible = lakeWatch.visible(get(versions), sender.numbers());
      requireAll(visible);
      return new FreshnessReport(
          machine,
          sender.events() - settings.warmUpEvents(),
          settings.perSecond(),
          achieved,
          Latencies.of(sender, countable, settings.warmUpEvents(), sender.events()),
          Latencies.of(sender, visible, settings.warmUpEvents(), sender.events()),
          new FreshnessReport.WarmUp(
              settings.warmUpMinutes(),
              Latencies.of(sender, countable, 0, sender.events()),
              Latencies.of(sender, visible, 0, sender.events())),
          checkpoints,
          count.unanswered() - unansweredBefore,
          byMinute(sender, countable, visible),
          cores);
    } finally {
      threads.shutdownNow();
    }
  }

  private static double cores(double cpuSeconds, RunResult run) {
    return Math.round(cpuSeconds / run.seconds() * 100) / 100.0;
  }

  private static void requireAll(long[] visible) throws BenchmarkFailedException {
    int missing = 0;
    for (long time : visible) {
      missing += time == 0 ? 1 : 0;
    }
    if (missing > 0) {
      throw new BenchmarkFailedException(
          "The figure does not count: %d of %d events are not in the lake. See the log of the streaming job."
              .formatted(missing, visible.length));
    }
  }

  private List<FreshnessReport.Minute> byMinute(
      PacedSender sender, long[] countable, long[] visible) {
    List<FreshnessReport.Minute> minutes = new ArrayList<>();
    int step = (int) Math.max(1, Math.round(settings.perSecond() * 60));
    for (int from = 0; from < sender.events(); from += step) {
      int until = Math.min(from + step, sender.events());
      Latencies lake = Latencies.of(sender, visible, from, until);
      minutes.add(
          new FreshnessReport.Minute(
              Latencies.of(sender, countable, from, until).percentile(95),
              lake.percentile(95),
              lake.maximum()));
    }
    return minutes;
  }

  private static <T> T get(Future<T> future)
      throws IOException, InterruptedException, BenchmarkFailedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BenchmarkFailedException failed) {
        throw failed;
      }
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
