/** Starts, watches and stops a Kafka broker and an Elasticsearch node for development and tests. */
@NullMarked
package io.tributary.stack;

import org.jspecify.annotations.NullMarked;
