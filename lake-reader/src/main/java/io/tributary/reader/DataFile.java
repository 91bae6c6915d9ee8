package io.tributary.reader;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Parquet file of one version of a table.
 *
 * @param path where it is, under the table's path as the table was opened (a path stays a path, a
 *     URI a URI)
 * @param partitionValues value per partition column as text, a null value means SQL NULL
 * @param sizeBytes length of the file in bytes
 * @param numRecords rows in the file, null when the writer left no statistics
 * @param modifiedMillis when it was written, in ms since epoch
 */
public record DataFile(
    String path,
    Map<String, @Nullable String> partitionValues,
    long sizeBytes,
    @Nullable Long numRecords,
    long modifiedMillis) {}
