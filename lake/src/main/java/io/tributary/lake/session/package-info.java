/** The Spark session. */
@NullMarked
package io.tributary.lake.session;

import org.jspecify.annotations.NullMarked;
