/** What the tests of the lake share. */
@NullMarked
package io.tributary.lake;

import org.jspecify.annotations.NullMarked;
