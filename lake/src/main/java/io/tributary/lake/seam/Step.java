package io.tributary.lake.seam;

/** The steps between which a job can be cut off, in the order in which a batch passes them. */
public enum Step {
  /** A batch of the lake query is planned, nothing of it is read. */
  LAKE_BATCH_BEGUN,
  /** All records are decoded and judged, nothing is written. */
  RECORDS_JUDGED,
  /** The files of all tables are written, none is committed. */
  FILES_WRITTEN,
  /**
   * A commit of any table, or another file of its log, is written under another name; linking it to
   * its own comes next. Passed several times in a batch.
   */
  COMMIT_PREPARED,
  /** The letters of the batch are committed; its duplicates and rows are not. */
  LETTERS_COMMITTED,
  /** The duplicates of the batch are committed; its rows are not. */
  DUPLICATES_COMMITTED,
  /** The rows are committed, with the position; Spark does not know it yet. */
  EVENTS_COMMITTED,
  /** A checkpoint of a table's log is written. */
  LOG_CHECKPOINT_WRITTEN,
  /** A batch of the index query is planned, nothing is sent. */
  INDEX_BATCH_BEGUN,
  /** A task has sent part of its documents. */
  BULK_SENT,
  /** Elasticsearch has answered for all documents of the batch; the position is the old one. */
  BULK_ANSWERED,
  /** The new position of the index is kept; Spark does not know it yet. */
  INDEX_POSITION_KEPT,
  /** Some slices are counted again and committed. */
  COUNTS_COMMITTED,
  /** The status of a query is in the index. */
  STATUS_WRITTEN
}
