package io.tributary.lake.audit;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Locale;

/**
 * An event that the lake and the index do not agree on.
 *
 * @param eventId of the row, or the id of the document
 * @param day the UTC day of the event, in whose index the document is or should be
 */
public record Difference(Kind kind, String eventId, LocalDate day) implements Serializable {
  /** How they disagree. */
  public enum Kind {
    /** A row without a document, and no letter says why. */
    MISSING,
    /** A document without a row. */
    EXTRA,
    /** A document that says something else than the row. */
    ALTERED,
    /** More than one row of one identity: the lake itself is wrong, and nothing here mends that. */
    DOUBLED;

    /** The kind in reports, for example {@code missing}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
