/** The drill, put to the test itself. */
@NullMarked
package io.tributary.drill;

import org.jspecify.annotations.NullMarked;
