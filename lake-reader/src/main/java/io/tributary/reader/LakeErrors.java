package io.tributary.reader;

import io.tributary.query.QueryUnavailableException;
import io.tributary.reader.LakeUnreadableException.Kind;

/**
 * Every failure of this module, in the shape {@code Cannot <verb> <object>: <reason>. <remedy>.}
 */
final class LakeErrors {
  private LakeErrors() {}

  static LakeUnreadableException noTable(String path, Throwable cause) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "read table " + path,
        "there is no Delta table",
        "Start the streaming job once, it creates the tables of the lake, or point TRIBUTARY_LAKE"
            + " at the right root.",
        cause);
  }

  static LakeUnreadableException noSuchVersion(String path, long version, Throwable cause) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "read table " + path + " at version " + version,
        reason(cause),
        "Ask for a version that the table's log still holds.",
        cause);
  }

  static LakeUnreadableException unreadable(String path, Throwable cause) {
    return new LakeUnreadableException(
        Kind.TRANSIENT,
        "read table " + path,
        reason(cause),
        "Check that the lake's storage answers, then ask again.",
        cause);
  }

  static LakeUnreadableException deletionVector(String table, String file) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "read table " + table,
        "file " + file + " has a deletion vector, which this reader does not apply",
        "Rewrite the table with REORG TABLE ... APPLY (PURGE) and set"
            + " delta.enableDeletionVectors=false.",
        null);
  }

  static LakeUnreadableException columnMapping(String table, String mode) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "read table " + table,
        "it uses column mapping (" + mode + "), which this reader does not apply",
        "Rewrite the table without delta.columnMapping.mode.",
        null);
  }

  static LakeUnreadableException notLocal(String file) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "query file " + file,
        "only files of the local file system can be queried here",
        "Use a lake under file:, or ask the index.",
        null);
  }

  static LakeUnreadableException query(String table, String sql, Throwable cause) {
    String reason = reason(cause);
    if (reason.contains("No files found") || reason.contains("Cannot open file")) {
      return new LakeUnreadableException(
          Kind.TRANSIENT,
          "query table " + table,
          reason,
          "A file of this version was removed meanwhile: ask again, of a newer version.",
          cause);
    }
    if (reason.startsWith("Out of Memory")) {
      return new LakeUnreadableException(
          Kind.TRANSIENT,
          "query table " + table,
          reason,
          "Ask for a shorter range or give the reader more memory.",
          cause);
    }
    return new LakeUnreadableException(
        Kind.USER, "query table " + table, reason, "The statement was: " + sql, cause);
  }

  static LakeUnreadableException engine(Throwable cause) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "start DuckDB",
        reason(cause),
        "Check that the temporary folder can be written and may hold programs.",
        cause);
  }

  static LakeUnreadableException notPartitionedByHour(String table) {
    return new LakeUnreadableException(
        Kind.SETUP,
        "prune table " + table + " by hours",
        "it is not partitioned by year, month, day and hour",
        "Ask for its files without a range.",
        null);
  }

  /** The same failure for those who ask through a query port. */
  static QueryUnavailableException unavailable(LakeUnreadableException failure) {
    return new QueryUnavailableException("lake", failure.reason(), failure.remedy(), failure);
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    String text = message == null ? cause.getClass().getSimpleName() : message.strip();
    int lineEnd = text.indexOf('\n');
    String line = lineEnd < 0 ? text : text.substring(0, lineEnd).strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
