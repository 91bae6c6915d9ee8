package io.tributary.api.collect;

import java.util.List;

/** The log that accepted events are appended to. */
public interface EventLog {
  /** Returns once every record is stored for good; else throws. */
  void append(List<LogRecord> records) throws AppendFailedException;

  /**
   * One record.
   *
   * @param timestampMillis when it was received; epoch
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way out, never compared.
  record LogRecord(String key, byte[] value, long timestampMillis) {}
}
