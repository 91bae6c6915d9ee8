@NullMarked
package io.tributary.api.collect;

import org.jspecify.annotations.NullMarked;
