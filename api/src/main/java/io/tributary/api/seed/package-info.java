/** The two routes of an older service, kept exactly as its clients know them. */
@NullMarked
package io.tributary.api.seed;

import org.jspecify.annotations.NullMarked;
