package io.tributary.lake.reindex;

/** What becomes of a document that is there already under the id of a row. */
public enum Existing {
  /** It is replaced: afterwards the index has what the lake has. */
  REPLACED("index"),
  /** It stays: cheaper, where only missing documents are to be made. */
  KEPT("create");

  private final String operation;

  Existing(String operation) {
    this.operation = operation;
  }

  String operation() {
    return operation;
  }
}
