/**
 * What must stand in this package of Elasticsearch because a constructor there is package-private.
 * The package is not null-marked: that would speak for the classes of Elasticsearch in it too.
 */
package org.elasticsearch.plugins;
