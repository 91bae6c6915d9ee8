/** Exact reading of decimal literals, whatever their length and exponent. */
@NullMarked
package io.tributary.number;

import org.jspecify.annotations.NullMarked;
