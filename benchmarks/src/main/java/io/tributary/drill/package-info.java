/**
 * The fault drill: kills, stops and starves the real programs while known records flow, and then
 * compares every place with what was sent. Runs on a local stack of its own.
 */
@NullMarked
package io.tributary.drill;

import org.jspecify.annotations.NullMarked;
