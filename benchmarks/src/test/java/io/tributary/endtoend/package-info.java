/** The built programs as processes, on real servers, with real data. */
@NullMarked
package io.tributary.endtoend;

import org.jspecify.annotations.NullMarked;
