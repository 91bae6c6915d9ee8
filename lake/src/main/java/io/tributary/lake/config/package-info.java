/** Configuration: one immutable tree per program, read from YAML, all problems reported at once. */
@NullMarked
package io.tributary.lake.config;

import org.jspecify.annotations.NullMarked;
