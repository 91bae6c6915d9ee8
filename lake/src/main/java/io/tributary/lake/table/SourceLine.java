package io.tributary.lake.table;

import java.io.Serializable;

/**
 * A line of an imported file.
 *
 * @param file its URI
 * @param line from 1 on
 * @param importedMillis when the import began, milliseconds since the epoch
 */
public record SourceLine(String file, long line, long importedMillis) implements Serializable {}
