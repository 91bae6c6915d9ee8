package io.tributary.benchmark;

import io.tributary.produce.EventGenerator;
import io.tributary.produce.GeneratedRecord;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.KafkaDestination;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many events a second each part of the pipeline moves, beside what the engines do with nothing
 * of ours. One stack for all, whose servers a run that does not count warms up; each figure in a
 * JVM of its own, after a warm-up of its own, round by round, so that a slow minute of the machine
 * hits all alike.
 */
final class PipelineBenchmark {
  private static final String WARM_UP_TOPIC = "warm-up";
  private static final String TOPIC = "measured";
  private static final double DUPLICATES = 0.02;

  /** A fixed morning: the same bytes in every run, all in one day's index. */
  private static final Instant FIRST_EVENT = Instant.parse("2026-01-15T08:00:00Z");

  private static final long SPAN_MICROS = 3 * 3_600_000_000L;

  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * What is asked for.
   *
   * @param events records of the measured topic
   * @param warmUp records of the topic that each process moves first
   * @param rounds how often each figure is measured
   * @param heap of each measuring process
   * @param configuration of the streaming job, null for the shipped one
   */
  record Settings(
      long events,
      long warmUp,
      int partitions,
      int rounds,
      List<Figure> figures,
      String heap,
      @Nullable Path configuration,
      Retention retention) {}

  /** What becomes of the home at the end. */
  enum Retention {
    DELETE,
    KEEP
  }

  PipelineBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Measures everything. */
  PipelineReport run() throws IOException, InterruptedException, BenchmarkFailedException {
    Machine machine = Machine.here();
    try (TemporaryHome home = TemporaryHome.create("benchmark")) {
      if (settings.retention() == Retention.KEEP) {
        home.keep();
      }
      progress.accept("Starting Kafka and Elasticsearch in " + home.path());
      try (LocalStack stack = LocalStack.start(StackOptions.in(home.path().resolve("stack")))) {
        load(stack, WARM_UP_TOPIC, settings.warmUp(), 1);
        SentIds sent = load(stack, TOPIC, settings.events(), 2);
        if (settings.figures().stream().anyMatch(Figure::fillsIndex)) {
          progress.accept("Warming Elasticsearch up: one run that does not count");
          measure(stack, home.path(), Figure.BARE_BULK, 0, sent);
        }
        PipelineReport report = new PipelineReport(machine, settings);
        for (int round = 1; round <= settings.rounds(); round++) {
          List<Figure> order = new ArrayList<>(settings.figures());
          // Each round begins elsewhere, so that no figure always comes first.
          Collections.rotate(order, 1 - round);
          for (Figure figure : order) {
            report.add(figure, measure(stack, home.path(), figure, round, sent));
          }
        }
        return report;
      } catch (BenchmarkFailedException | IOException | RuntimeException e) {
        home.keep();
        throw e;
      }
    }
  }

  private SentIds load(LocalStack stack, String topic, long events, long seed) throws IOException {
    progress.accept("Loading %,d events into topic %s".formatted(events, topic));
    KafkaDestination.prepareTopic(stack.kafka(), topic, settings.partitions());
    GeneratorSettings generated =
        new GeneratorSettings(seed, micros(FIRST_EVENT), SPAN_MICROS / events, DUPLICATES, 0, 0, 0);
    EventGenerator generator = new EventGenerator(generated);
    SentIds ids = new SentIds();
    long bytes = 0;
    try (KafkaDestination kafka = new KafkaDestination(stack.kafka(), topic, null)) {
      for (long i = 0; i < events; i++) {
        GeneratedRecord record = generator.next();
        kafka.send(record.outgoing());
        bytes += record.outgoing().value().length;
        String id = record.expectation().eventId();
        if (id != null) {
          ids.add(id);
        }
      }
      kafka.finish();
    }
    progress.accept(
        "Loaded: %,d different ids, %d bytes an event on average"
            .formatted(ids.size(), bytes / events));
    return ids;
  }

  private RunResult measure(LocalStack stack, Path home, Figure figure, int round, SentIds sent)
      throws IOException, InterruptedException, BenchmarkFailedException {
    String name = "round-%d-%s".formatted(round, figure.code());
    Path folder = home.resolve("runs").resolve(name);
    RunOrder order =
        new RunOrder(
            figure,
            stack.kafka(),
            stack.elasticsearch(),
            WARM_UP_TOPIC,
            TOPIC,
            folder,
            "b" + round + figure.code().replace("_", "") + "-",
            settings.configuration(),
            stack.broker().pid(),
            stack.node().pid(),
            home.resolve("results").resolve(name + ".json"));
    Path orderFile = home.resolve("orders").resolve(name + ".json");
    Json.write(orderFile, order);
    try (SearchClient elasticsearch = SearchClient.of(stack.elasticsearch())) {
      ChildJvm.run(
          settings.heap(),
          FigureMain.class,
          List.of(orderFile.toString()),
          folder,
          home.resolve("logs").resolve(name + ".log"));
      RunResult result = Json.read(order.result(), RunResult.class);
      check(order, elasticsearch, sent);
      progress.accept(
          "Round %d, %-10s %,9.0f events/s (%.1f s); all %,d ids are there"
              .formatted(
                  round,
                  figure.code(),
                  settings.events() / result.seconds(),
                  result.seconds(),
                  sent.size()));
      elasticsearch.deleteIndices(order.indexPrefix());
      if (settings.retention() == Retention.DELETE) {
        TemporaryHome.delete(folder);
      }
      return result;
    }
  }

  private static void check(RunOrder order, SearchClient elasticsearch, SentIds sent)
      throws IOException, BenchmarkFailedException {
    if (order.figure().fillsLake()) {
      SentIds.Comparison comparison = sent.compare();
      StoredRows.eachId(order.measured().lakeFolder(), comparison::add);
      comparison.requireEqual("the lake of " + order.figure().code());
    }
    if (order.figure().fillsIndex()) {
      SentIds.Comparison comparison = sent.compare();
      elasticsearch.eachId(order.indexPrefix() + "events-*", comparison::add);
      comparison.requireEqual("the index of " + order.figure().code());
    }
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000;
  }
}
