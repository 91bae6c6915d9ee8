/** The questions about events: parameters in, answers out. */
@NullMarked
package io.tributary.api.query;

import org.jspecify.annotations.NullMarked;
