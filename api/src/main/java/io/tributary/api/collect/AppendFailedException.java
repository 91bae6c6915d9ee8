package io.tributary.api.collect;

import org.jspecify.annotations.Nullable;

/** Not every record was acknowledged. */
public final class AppendFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    /** Kafka does not answer, or refuses. */
    UNAVAILABLE,
    /** More waits for Kafka than may. */
    OVERLOADED
  }

  private final Kind kind;
  private final int acknowledged;
  private final int unknown;

  /**
   * Some records were not acknowledged.
   *
   * @param reason a clause for the client
   * @param acknowledged how many are stored for certain
   * @param unknown how many may be stored
   */
  public AppendFailedException(
      Kind kind, String reason, int acknowledged, int unknown, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.acknowledged = acknowledged;
    this.unknown = unknown;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }

  /** How many are stored for certain. */
  public int acknowledged() {
    return acknowledged;
  }

  /** How many may be stored. */
  public int unknown() {
    return unknown;
  }
}
