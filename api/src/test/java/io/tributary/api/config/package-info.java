@NullMarked
package io.tributary.api.config;

import org.jspecify.annotations.NullMarked;
