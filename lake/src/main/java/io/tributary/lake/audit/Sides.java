package io.tributary.lake.audit;

import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport.ComparedHour;
import java.time.Instant;

/**
 * Both sides of a piece of time.
 *
 * @param refused the part of the rows whose documents were refused
 */
record Sides(RowSums rows, RowSums refused, DocumentSums documents) {
  static final Sides NONE = new Sides(RowSums.NONE, RowSums.NONE, DocumentSums.NONE);

  /** Whether the index has what it should have; then no id has to be looked at. */
  boolean agree() {
    return compared(Instant.EPOCH).agrees();
  }

  /** The two sides in the way in which they agree; as much of them as there is if they do not. */
  ComparedHour compared(Instant hour) {
    // With every row's document there, nothing is open any more.
    ComparedHour whole = new ComparedHour(hour, rows.all(), documents.all(), refused.all(), 0);
    if (whole.agrees()) {
      return whole;
    }
    ComparedHour settled = judged(hour, documents.settled());
    return settled.agrees() ? settled : judged(hour, documents.all());
  }

  private ComparedHour judged(Instant hour, RangeDigest index) {
    return new ComparedHour(hour, rows.judged(), index, refused.judged(), rows.open().count());
  }
}
