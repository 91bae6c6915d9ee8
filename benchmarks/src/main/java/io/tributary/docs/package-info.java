/** Documentation that is generated, so that it cannot go stale. */
@NullMarked
package io.tributary.docs;

import org.jspecify.annotations.NullMarked;
