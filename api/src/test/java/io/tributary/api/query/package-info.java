@NullMarked
package io.tributary.api.query;

import org.jspecify.annotations.NullMarked;
