package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;

/**
 * The rows of a piece of time.
 *
 * @param judged those whose documents must be as they are
 * @param open those whose documents are on their way, or owed
 */
record RowSums(RangeDigest judged, RangeDigest open) {
  static final RowSums NONE = new RowSums(RangeDigest.NONE, RangeDigest.NONE);

  RangeDigest all() {
    return judged.plus(open);
  }
}
