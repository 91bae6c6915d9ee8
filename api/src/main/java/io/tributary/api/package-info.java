/** Collects events and answers queries over HTTP: here the parts are put together. */
@NullMarked
package io.tributary.api;

import org.jspecify.annotations.NullMarked;
