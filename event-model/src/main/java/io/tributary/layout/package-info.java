/** Names and shapes of the lake's tables and of the indices. */
@NullMarked
package io.tributary.layout;

import org.jspecify.annotations.NullMarked;
