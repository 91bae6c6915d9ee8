/**
 * Reads the lake without Spark. Delta Kernel says which files belong to a version of a table and
 * which of them a question can touch; DuckDB reads those files. Nothing here writes.
 */
@NullMarked
package io.tributary.reader;

import org.jspecify.annotations.NullMarked;
