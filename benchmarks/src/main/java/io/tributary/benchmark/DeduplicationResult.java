package io.tributary.benchmark;

import java.util.List;

/**
 * What deduplication took in one JVM.
 *
 * @param firstBatchSeconds of the first batch, which reads the identities of the days it touches
 * @param with seconds of each batch of what is shipped
 * @param without seconds of each batch of the path that takes every event for new
 * @param withCpu seconds of CPU of the whole process in each such batch; beside other load they
 *     tell more than the clock
 * @param withoutCpu the same without
 * @param heapBytes used after a collection, when all is done
 * @param remembered identities known exactly
 * @param duplicates that were found
 */
record DeduplicationResult(
    long dayRows,
    int coldDays,
    double firstBatchSeconds,
    List<Double> with,
    List<Double> without,
    List<Double> withCpu,
    List<Double> withoutCpu,
    long heapBytes,
    long remembered,
    long duplicates) {

  /** Of what is shipped, after the warm-up. */
  double slowestBatchSeconds() {
    return with.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** How much of the throughput is left with deduplication. */
  double ratio() {
    return Median.of(without) / Median.of(with);
  }

  /** The same by CPU instead of time. */
  double cpuRatio() {
    return Median.of(withoutCpu) / Median.of(withCpu);
  }
}
