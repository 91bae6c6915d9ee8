package io.tributary.lake.seam;

/** The guards that a drill switches off to see that it would notice. */
public enum Guard {
  /** A writer that was overtaken is refused. */
  FENCING,
  /** The position is read from the table, and what is committed is left out of a batch. */
  OFFSET_RANGES,
  /** A document is made only where there is none. */
  CREATE_ONLY
}
