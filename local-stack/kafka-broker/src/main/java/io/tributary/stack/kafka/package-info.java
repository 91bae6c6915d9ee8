/** A Kafka broker and controller in one process. */
@NullMarked
package io.tributary.stack.kafka;

import org.jspecify.annotations.NullMarked;
