package io.tributary.stack;

import java.util.List;
import java.util.regex.Pattern;

/** Why a server did not start, as far as its log lines tell, and what to do about it. */
enum StartFailure {
  LOCKED(
      "Failed to acquire lock|failed to obtain node lock",
      ", its data folder is locked by another running server",
      "Stop the other stack (scripts/local-stack stop), or choose another home."),
  PORT_TAKEN(
      "Address already in use|BindException|BindHttpException",
      ", its port was taken",
      "Stop the program that holds it, or choose another port (0 takes a free one)."),
  MEMORY(
      "OutOfMemoryError|Cannot allocate memory|Could not reserve enough space",
      ", there was not enough memory",
      "Free memory, or start with smaller heaps."),
  DISK_FULL("No space left on device", ", the disk is full", "Free space, or choose another home."),
  NOT_ALLOWED(
      "AccessDeniedException|Permission denied",
      ", a file could not be read or written",
      "Correct owner and mode of the home folder, or choose another home."),
  UNKNOWN("", "", "The log says more.");

  private final Pattern signs;
  private final String cause;
  private final String remedy;

  StartFailure(String signs, String cause, String remedy) {
    this.signs = Pattern.compile(signs);
    this.cause = cause;
    this.remedy = remedy;
  }

  /** The first failure that any of these log lines shows, else {@link #UNKNOWN}. */
  static StartFailure in(List<String> lines) {
    String text = String.join("\n", lines);
    for (StartFailure failure : values()) {
      if (failure.signs.matcher(text).find()) {
        return failure;
      }
    }
    return UNKNOWN;
  }

  /** Continues a sentence: empty, or a comma and the cause. */
  String cause() {
    return cause;
  }

  /** A whole sentence. */
  String remedy() {
    return remedy;
  }
}
