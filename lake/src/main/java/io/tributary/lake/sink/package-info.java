/** Where batches end: the lake and the index. */
@NullMarked
package io.tributary.lake.sink;

import org.jspecify.annotations.NullMarked;
