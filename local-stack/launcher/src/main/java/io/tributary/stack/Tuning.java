package io.tributary.stack;

import java.util.List;

/** What the servers' JVMs are tuned for. */
public enum Tuning {
  /** As users' servers run. */
  THROUGHPUT,

  /**
   * Only the quick compiler. Half of what a start costs is compiling code thoroughly, which pays
   * only after a minute of load: for tests and demonstrations.
   */
  QUICK_START;

  List<String> jvmOptions() {
    return switch (this) {
      case THROUGHPUT -> List.of();
      case QUICK_START -> List.of("-XX:TieredStopAtLevel=1");
    };
  }
}
