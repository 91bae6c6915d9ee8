/** The settings of the API: immutable, checked, with defaults. */
@NullMarked
package io.tributary.api.config;

import org.jspecify.annotations.NullMarked;
