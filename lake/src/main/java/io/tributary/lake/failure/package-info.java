/** What became of work that failed, for people. */
@NullMarked
package io.tributary.lake.failure;

import org.jspecify.annotations.NullMarked;
