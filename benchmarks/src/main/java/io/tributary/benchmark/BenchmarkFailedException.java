package io.tributary.benchmark;

/** A benchmark has no valid result; the message says why and what to do. */
public final class BenchmarkFailedException extends Exception {
  private static final long serialVersionUID = 1;

  BenchmarkFailedException(String message) {
    super(message);
  }

  BenchmarkFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
