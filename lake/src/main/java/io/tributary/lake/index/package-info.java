/** The view in Elasticsearch: templates, documents, status. */
@NullMarked
package io.tributary.lake.index;

import org.jspecify.annotations.NullMarked;
