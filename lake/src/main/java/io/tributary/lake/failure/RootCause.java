package io.tributary.lake.failure;

import com.google.common.base.Throwables;

/** What a failure comes from. */
public final class RootCause {
  private RootCause() {}

  /** In one line of a log: Spark's messages go on with the plan and the stacks of its tasks. */
  public static String line(Throwable failure) {
    return Throwables.getRootCause(failure).toString().lines().findFirst().orElse("");
  }
}
