package io.tributary.query;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a search.
 *
 * @param limit how many events at most, at least 1
 * @param after the last event of the page before; null for the first page
 */
public record PageRequest(int limit, Order order, @Nullable EventPosition after) {
  /** The order by (ts, event id). */
  public enum Order {
    ASC,
    DESC
  }
}
