/** An Elasticsearch node in one process. */
@NullMarked
package io.tributary.stack.elasticsearch;

import org.jspecify.annotations.NullMarked;
