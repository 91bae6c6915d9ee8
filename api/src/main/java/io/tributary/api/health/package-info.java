/** Whether the API is alive, and whether what it needs answers. */
@NullMarked
package io.tributary.api.health;

import org.jspecify.annotations.NullMarked;
