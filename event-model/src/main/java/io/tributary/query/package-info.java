/** The ports behind which the index and the lake answer questions about events. */
@NullMarked
package io.tributary.query;

import org.jspecify.annotations.NullMarked;
