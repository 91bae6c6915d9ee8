package io.tributary.layout;

import java.util.regex.Pattern;

/**
 * How indices are made.
 *
 * @param shards primary shards of an index, at least 1
 * @param replicas copies of each shard, 0 or more
 * @param refreshInterval when writes become visible, in Elasticsearch's notation: {@code 1s},
 *     {@code 500ms}, or {@code -1} for never
 */
public record IndexSettings(int shards, int replicas, String refreshInterval) {
  private static final Pattern INTERVAL = Pattern.compile("-1|[1-9][0-9]*(ms|s|m|h)");

  /** Throws {@link IllegalArgumentException} when a setting breaks its rule. */
  public IndexSettings {
    if (shards < 1) {
      throw new IllegalArgumentException(
          "Invalid shards: %d (must be 1 or more)".formatted(shards));
    }
    if (replicas < 0) {
      throw new IllegalArgumentException(
          "Invalid replicas: %d (must be 0 or more)".formatted(replicas));
    }
    if (!INTERVAL.matcher(refreshInterval).matches()) {
      throw new IllegalArgumentException(
          "Invalid refresh interval: %s (a number with ms, s, m or h, or -1)"
              .formatted(refreshInterval));
    }
  }
}
