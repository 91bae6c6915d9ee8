/**
 * Benchmarks of the whole pipeline. Each figure is measured in a JVM of its own, and none counts
 * before every id that was sent is found in the target.
 */
@NullMarked
package io.tributary.benchmark;

import org.jspecify.annotations.NullMarked;
