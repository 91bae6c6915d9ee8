/** What a client is told when a request fails, from whichever layer. */
@NullMarked
package io.tributary.api.problem;

import org.jspecify.annotations.NullMarked;
