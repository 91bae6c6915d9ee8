package io.tributary.benchmark;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a figure took.
 *
 * @param seconds on the wall, from the start of the query to the last commit
 * @param ownCpuSeconds CPU time of the measuring process
 * @param kafkaCpuSeconds CPU time of the broker meanwhile
 * @param elasticsearchCpuSeconds CPU time of the node meanwhile
 * @param othersCpuSeconds CPU time of everything else on the machine, null where it cannot be read
 * @param notes seconds of parts, by name
 */
record RunResult(
    double seconds,
    double ownCpuSeconds,
    double kafkaCpuSeconds,
    double elasticsearchCpuSeconds,
    @Nullable Double othersCpuSeconds,
    Map<String, Double> notes) {}
