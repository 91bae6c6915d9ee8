package io.tributary.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** A running clock, on the wall and in the CPU. */
final class Effort {
  private static final double NANOS = 1e9;

  /** The unit of {@code /proc/stat} on every usual Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private final long kafkaProcess;
  private final long elasticsearchProcess;
  private final long startMillis;
  private final Cpu start;

  private Effort(long kafkaProcess, long elasticsearchProcess) {
    this.kafkaProcess = kafkaProcess;
    this.elasticsearchProcess = elasticsearchProcess;
    this.start = cpu();
    this.startMillis = System.currentTimeMillis();
  }

  static Effort begin(RunOrder order) {
    return begin(order.kafkaProcess(), order.elasticsearchProcess());
  }

  static Effort begin(long kafkaProcess, long elasticsearchProcess) {
    return new Effort(kafkaProcess, elasticsearchProcess);
  }

  long startMillis() {
    return startMillis;
  }

  /**
   * What it took.
   *
   * @param endMillis when the work was done, which may be a moment ago
   */
  RunResult end(long endMillis, Map<String, Double> notes) {
    Cpu end = cpu();
    double own = end.own - start.own;
    double kafka = end.kafka - start.kafka;
    double elasticsearch = end.elasticsearch - start.elasticsearch;
    Double others =
        start.machine == null || end.machine == null
            ? null
            : Math.max(0, end.machine - start.machine - own - kafka - elasticsearch);
    return new RunResult(
        (endMillis - startMillis) / 1_000.0, own, kafka, elasticsearch, others, notes);
  }

  private Cpu cpu() {
    return new Cpu(
        of(ProcessHandle.current().pid()), of(kafkaProcess), of(elasticsearchProcess), ofMachine());
  }

  private static double of(long process) {
    return ProcessHandle.of(process)
            .flatMap(handle -> handle.info().totalCpuDuration())
            .map(Duration::toNanos)
            .orElse(0L)
        / NANOS;
  }

  private static @Nullable Double ofMachine() {
    Path stat = Path.of("/proc/stat");
    try {
      if (!Files.isReadable(stat)) {
        return null;
      }
      StringTokenizer ticks = new StringTokenizer(Files.readAllLines(stat).get(0));
      ticks.nextToken();
      long busy = 0;
      for (int column = 0; ticks.hasMoreTokens() && column < 8; column++) {
        long value = Long.parseLong(ticks.nextToken());
        // user nice system idle iowait irq softirq steal
        busy += column == 3 || column == 4 ? 0 : value;
      }
      return busy / TICKS_PER_SECOND;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  private record Cpu(double own, double kafka, double elasticsearch, @Nullable Double machine) {}
}
