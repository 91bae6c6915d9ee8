/** From rows of the lake to documents of the index; shared by the stream and the jobs. */
@NullMarked
package io.tributary.lake.reindex;

import org.jspecify.annotations.NullMarked;
