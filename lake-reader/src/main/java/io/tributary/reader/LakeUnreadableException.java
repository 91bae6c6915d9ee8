package io.tributary.reader;

import org.jspecify.annotations.Nullable;

/**
 * The lake could not be read. The message says what was being read, why it failed and what to do;
 * {@link #kind()} says who can do it. Every instance is built by {@link LakeErrors}.
 */
public final class LakeUnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can do something about the failure. */
  public enum Kind {
    /** The table is not there, or it uses something this reader refuses: a person has to act. */
    SETUP,
    /** A file or a file system failed this time: the same question may be answered later. */
    TRANSIENT,
    /** The question itself cannot be answered, for example broken SQL. */
    USER
  }

  private final Kind kind;
  private final String reason;
  private final String remedy;

  LakeUnreadableException(
      Kind kind, String action, String reason, String remedy, @Nullable Throwable cause) {
    super("Cannot %s: %s. %s".formatted(action, reason, remedy), cause);
    this.kind = kind;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Who can do something about it. */
  public Kind kind() {
    return kind;
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
