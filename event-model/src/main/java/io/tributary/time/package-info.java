/** Event times and query times: microseconds since the epoch, always UTC. */
@NullMarked
package io.tributary.time;

import org.jspecify.annotations.NullMarked;
