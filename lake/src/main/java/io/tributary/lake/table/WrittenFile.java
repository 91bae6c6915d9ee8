package io.tributary.lake.table;

import java.io.Serializable;

/**
 * A data file that is written but not yet part of its table: only a commit makes it so.
 *
 * @param table the table's name
 * @param partition the key of its partition
 * @param path the file, as a full path
 * @param bytes its size
 * @param modifiedMillis its modification time, milliseconds since the epoch
 * @param rows how many rows it holds
 * @param statistics smallest and largest values as Delta writes them, JSON text
 */
public record WrittenFile(
    String table,
    long partition,
    String path,
    long bytes,
    long modifiedMillis,
    long rows,
    String statistics)
    implements Serializable {}
