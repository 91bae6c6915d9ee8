/**
 * Makes realistic events, or takes them from a file, and sends them to Kafka or the API, noting
 * down what has to become of each.
 */
@NullMarked
package io.tributary.produce;

import org.jspecify.annotations.NullMarked;
