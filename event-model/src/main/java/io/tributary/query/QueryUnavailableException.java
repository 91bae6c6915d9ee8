package io.tributary.query;

import org.jspecify.annotations.Nullable;

/** A source can't answer now, though the question is fine; asking again later may help. */
public final class QueryUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String source;
  private final String reason;
  private final String remedy;

  /**
   * Cannot query a source.
   *
   * @param source {@code index} or {@code lake}
   */
  public QueryUnavailableException(
      String source, String reason, String remedy, @Nullable Throwable cause) {
    super("Cannot query the %s: %s. %s".formatted(source, reason, remedy), cause);
    this.source = source;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** {@code index} or {@code lake}. */
  public String source() {
    return source;
  }

  /** What is wrong, without a full stop. */
  public String reason() {
    return reason;
  }

  /** What to do, a sentence. */
  public String remedy() {
    return remedy;
  }
}
