/** Where tests reach into a running job: to stop it at a named step, or to switch a guard off. */
@NullMarked
package io.tributary.lake.seam;

import org.jspecify.annotations.NullMarked;
