package io.tributary.lake.table;

/** A table that cannot be used as it is: a matter of set-up, which no retry mends. */
public final class LakeTableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public LakeTableException(String message) {
    super(message);
  }
}
