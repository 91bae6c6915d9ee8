/** The comparison itself, and against a real Delta table and a real Elasticsearch node. */
@NullMarked
package io.tributary.smoke;

import org.jspecify.annotations.NullMarked;
