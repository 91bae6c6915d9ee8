package io.tributary.lake.sink;

import io.tributary.event.Provenance;
import io.tributary.lake.table.SourceLine;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file to be imported. While it is judged, its place has the shape of a record's, so
 * that one code finds duplicates and counts for both: the file stands for the topic, the line for
 * the offset, and no topic has this partition.
 *
 * @param file its URI
 * @param line from 1 on
 * @param value the line without its end
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ImportedLine(String file, long line, byte[] value) implements Serializable {
  private static final int PARTITION = -1;

  /** The place of this line. */
  Provenance.Kafka place(long importedMillis) {
    return new Provenance.Kafka(file, PARTITION, line, importedMillis);
  }

  /** The record that a place stands for; null when it is a line's. */
  static Provenance.@Nullable Kafka record(Provenance.Kafka place) {
    return place.partition() == PARTITION ? null : place;
  }

  /** The line that a place stands for; null when it is a record's. */
  static @Nullable SourceLine line(Provenance.Kafka place) {
    return place.partition() == PARTITION
        ? new SourceLine(place.topic(), place.offset(), place.timestampMillis())
        : null;
  }
}
