/** Tests against Delta tables that Delta Kernel itself writes. */
@NullMarked
package io.tributary.reader;

import org.jspecify.annotations.NullMarked;
