/** The streaming job: Kafka to the lake and to the index, in two independent queries. */
@NullMarked
package io.tributary.streaming;

import org.jspecify.annotations.NullMarked;
