/** What both server processes of the local stack share. */
@NullMarked
package io.tributary.stack.process;

import org.jspecify.annotations.NullMarked;
