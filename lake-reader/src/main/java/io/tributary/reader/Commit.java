package io.tributary.reader;

import java.util.Map;

/**
 * What one commit says about itself.
 *
 * @param version the table version it made
 * @param timestampMillis when the writer says it committed, in ms since epoch; 0 when it does not
 *     say
 * @param operation Delta's name of the operation, for example {@code STREAMING UPDATE}; empty when
 *     absent
 * @param domains the metadata of domains that it set, by name; a query of the stream puts its
 *     offsets and accounting into one of its own ({@link #DOMAIN_PREFIX})
 */
public record Commit(
    long version, long timestampMillis, String operation, Map<String, String> domains) {
  /** In front of the query's name: {@code tributary.lake}, {@code tributary.index}. */
  public static final String DOMAIN_PREFIX = "tributary.";

  public Commit {
    domains = Map.copyOf(domains);
  }
}
