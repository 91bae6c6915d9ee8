/** Which records are new, which repeat an event, which contradict one. */
@NullMarked
package io.tributary.lake.deduplication;

import org.jspecify.annotations.NullMarked;
