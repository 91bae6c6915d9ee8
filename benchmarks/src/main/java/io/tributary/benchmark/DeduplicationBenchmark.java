package io.tributary.benchmark;

import io.tributary.produce.EventGenerator;
import io.tributary.produce.Expectation;
import io.tributary.produce.GeneratedRecord;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.KafkaDestination;
import io.tributary.produce.Outgoing;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;

/**
 * What deduplication costs: one topic in a real Kafka, moved to the lake with it and without it, in
 * a new JVM for each round and each number of rows that the day has before.
 */
final class DeduplicationBenchmark {
  /** A fixed day: the same bytes in every run. */
  static final LocalDate DAY = LocalDate.of(2026, 1, 15);

  private static final String TOPIC = "measured";
  private static final int PARTITIONS = 4;
  private static final double DUPLICATES = 0.02;
  private static final int LATE_OF = 1_000;
  private static final long FIRST_EVENT_MICROS =
      DAY.toEpochDay() * Timestamps.MICROS_PER_DAY + 8 * 3_600_000_000L;
  private static final long SPAN_MICROS = 3 * 3_600_000_000L;

  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * What is asked for.
   *
   * @param dayRows rows that the day has before; a measurement each
   * @param coldDays earlier days with as many rows, over which some events come late
   * @param batch records of a batch
   * @param rounds how often everything is measured
   * @param batches batches of a round that count
   * @param warmUp batches before them
   * @param remembered as {@code lake.remembered-events}
   * @param heap of each measuring process
   */
  record Settings(
      List<Long> dayRows,
      int coldDays,
      int batch,
      int rounds,
      int batches,
      int warmUp,
      long remembered,
      String heap) {
    long records() {
      return (long) batch * (warmUp + batches);
    }
  }

  DeduplicationBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Measures everything. */
  DeduplicationReport run() throws IOException, InterruptedException, BenchmarkFailedException {
    DeduplicationReport report = new DeduplicationReport(Machine.here(), settings);
    try (TemporaryHome home = TemporaryHome.create("benchmark")) {
      progress.accept("Starting Kafka in " + home.path());
      try (LocalStack stack = LocalStack.start(StackOptions.in(home.path().resolve("stack")))) {
        // Nothing here needs it, and idle it is not.
        stack.node().stop();
        long rows = load(stack);
        for (int round = 1; round <= settings.rounds(); round++) {
          for (long dayRows : settings.dayRows()) {
            DeduplicationResult result = measure(stack, home, dayRows, rows);
            report.add(result);
            progress.accept(
                "Round %d, %,d rows in the day, %d earlier days of as many: %.2f of the throughput is left"
                    .formatted(round, dayRows, settings.coldDays(), result.ratio()));
          }
        }
        return report;
      } catch (BenchmarkFailedException | IOException | RuntimeException e) {
        home.keep();
        throw e;
      }
    }
  }

  /** Fills the topic; returns how many of its records are new events. */
  private long load(LocalStack stack) throws IOException {
    progress.accept("Loading %,d events".formatted(settings.records()));
    KafkaDestination.prepareTopic(stack.kafka(), TOPIC, PARTITIONS);
    EventGenerator generator =
        new EventGenerator(
            new GeneratorSettings(
                1, FIRST_EVENT_MICROS, SPAN_MICROS / settings.records(), DUPLICATES, 0, 0, 0));
    long rows = 0;
    try (KafkaDestination kafka = new KafkaDestination(stack.kafka(), TOPIC, null)) {
      for (long i = 0; i < settings.records(); i++) {
        GeneratedRecord record = generator.next();
        if (record.expectation().end() == Expectation.End.ROW) {
          rows++;
        }
        kafka.send(record.outgoing());
        if (settings.coldDays() > 0 && i % LATE_OF == 0) {
          kafka.send(late(i / LATE_OF));
          rows++;
        }
      }
      kafka.finish();
    }
    return rows;
  }

  private Outgoing late(long number) {
    LocalDate day = DAY.minusDays(1 + number % settings.coldDays());
    String id = "late-" + number;
    String event =
        "{\"event_id\":\"%s\",\"event_type\":\"late\",\"ts\":\"%sT12:00:00Z\"}".formatted(id, day);
    return new Outgoing(
        id.getBytes(StandardCharsets.UTF_8), event.getBytes(StandardCharsets.UTF_8));
  }

  private DeduplicationResult measure(LocalStack stack, TemporaryHome home, long dayRows, long rows)
      throws IOException, InterruptedException, BenchmarkFailedException {
    Path folder = home.path().resolve("rows-" + dayRows);
    DeduplicationOrder order =
        new DeduplicationOrder(
            stack.kafka(),
            TOPIC,
            rows,
            dayRows,
            settings.coldDays(),
            settings.batch(),
            settings.batches(),
            settings.warmUp(),
            settings.remembered(),
            folder,
            home.path().resolve("rows-%d.result.json".formatted(dayRows)));
    Path orderFile = home.path().resolve("rows-%d.order.json".formatted(dayRows));
    Json.write(orderFile, order);
    ChildJvm.run(
        settings.heap(),
        DeduplicationMain.class,
        List.of(orderFile.toString()),
        folder,
        home.path().resolve("rows-%d.log".formatted(dayRows)));
    TemporaryHome.delete(folder);
    return Json.read(order.result(), DeduplicationResult.class);
  }
}
