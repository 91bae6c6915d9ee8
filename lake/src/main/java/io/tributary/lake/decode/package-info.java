/** From records of Kafka to events and dead letters; shared by stream and batch. */
@NullMarked
package io.tributary.lake.decode;

import org.jspecify.annotations.NullMarked;
