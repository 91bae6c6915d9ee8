package io.tributary.layout;

/**
 * How indices are made.
 *
 * @param refreshInterval when writes become visible, in Elasticsearch's notation: {@code 1s}
 */
public record IndexSettings(int shards, int replicas, String refreshInterval) {}
