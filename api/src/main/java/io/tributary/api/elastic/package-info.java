/** The index behind the query ports. */
@NullMarked
package io.tributary.api.elastic;

import org.jspecify.annotations.NullMarked;
