/** The event: decoding, validation, identity, canonical form and digest. */
@NullMarked
package io.tributary.event;

import org.jspecify.annotations.NullMarked;
