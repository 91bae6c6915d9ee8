/**
 * Compares what was sent with what the lake, the index and the APIs hold, id by id and count by
 * count. It reads everything by other code than what wrote it.
 */
@NullMarked
package io.tributary.smoke;

import org.jspecify.annotations.NullMarked;
