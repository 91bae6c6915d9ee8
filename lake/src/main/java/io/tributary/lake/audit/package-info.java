/** Compares the index with the lake, names what differs, and mends the index from the lake. */
@NullMarked
package io.tributary.lake.audit;

import org.jspecify.annotations.NullMarked;
