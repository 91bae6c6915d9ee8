package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;

/**
 * The documents of a piece of time.
 *
 * @param settled those at offsets that both queries have dealt with, and those without an offset;
 *     where a topic was made again, documents of the old one may be missing among them
 */
record DocumentSums(RangeDigest all, RangeDigest settled) {
  static final DocumentSums NONE = new DocumentSums(RangeDigest.NONE, RangeDigest.NONE);
}
