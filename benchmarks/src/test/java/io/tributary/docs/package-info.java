@NullMarked
package io.tributary.docs;

import org.jspecify.annotations.NullMarked;
