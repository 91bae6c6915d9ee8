/** The batch jobs that import, replay and repair history. */
@NullMarked
package io.tributary.backfill;

import org.jspecify.annotations.NullMarked;
