/** What is counted and timed, for Prometheus. */
@NullMarked
package io.tributary.api.metrics;

import org.jspecify.annotations.NullMarked;
