package io.tributary.lake.table;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import java.time.Clock;
import java.util.Optional;

/**
 * A data file that is part of a version of a table.
 *
 * @param path absolute, as Hadoop writes it
 * @param statistics smallest and largest values as Delta writes them, JSON text; may be missing
 * @param records how many rows; unknown of a file that another writer added without statistics
 * @param isWhole whether all rows in the file are rows of the table; others are marked as deleted
 * @param entry what the log says of it
 */
public record LiveFile(
    String path, Optional<String> statistics, Optional<Long> records, boolean isWhole, Row entry) {
  static LiveFile of(String path, Row entry) {
    AddFile file = new AddFile(entry);
    return new LiveFile(
        path, file.getStatsJson(), file.getNumRecords(), file.getDeletionVector().isEmpty(), entry);
  }

  /** Its name in its folder. */
  String name() {
    return SetAside.nameOf(path);
  }

  /** What a commit says that takes the file out of its table. */
  Row removal(Clock clock) {
    return SingleAction.createRemoveFileSingleAction(
        new AddFile(entry).toRemoveFileRow(true, Optional.of(clock.millis())));
  }
}
