/** The tables of the lake: their columns, their files and their commits. */
@NullMarked
package io.tributary.lake.table;

import org.jspecify.annotations.NullMarked;
