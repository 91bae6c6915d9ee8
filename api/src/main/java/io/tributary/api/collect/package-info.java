/** From a request's bytes to acknowledged records: read, split, validate, give ids, append. */
@NullMarked
package io.tributary.api.collect;

import org.jspecify.annotations.NullMarked;
