/** The counts per minute and event type. */
@NullMarked
package io.tributary.lake.counts;

import org.jspecify.annotations.NullMarked;
