package io.tributary.reader;

/**
 * What one reader may use of its machine.
 *
 * @param memoryMebibytes upper bound of DuckDB's own memory, in MiB; a question that needs more
 *     fails instead of taking memory from the program around it
 * @param threads how many threads DuckDB may use for all questions together
 */
public record ReaderSettings(int memoryMebibytes, int threads) {
  public ReaderSettings {
    if (memoryMebibytes < 32) {
      throw new IllegalArgumentException(
          "Invalid memoryMebibytes: " + memoryMebibytes + " (at least 32)");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid threads: " + threads + " (at least 1)");
    }
  }

  /** 512 MiB and two threads: small enough to live inside the API's process. */
  public static ReaderSettings small() {
    return new ReaderSettings(512, 2);
  }
}
