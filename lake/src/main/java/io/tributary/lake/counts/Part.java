package io.tributary.lake.counts;

import io.tributary.lake.table.LiveFile;
import io.tributary.lake.table.RewrittenTable;
import io.tributary.lake.table.TableFiles;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;

/** Which counts are made again. */
sealed interface Part permits Everything, Slices {
  /** The files of {@code events} that may hold what is counted. */
  List<LiveFile> events(TableFiles events) throws IOException;

  /** The files of {@code event_counts} that may hold what is replaced. */
  List<LiveFile> counts(RewrittenTable<?> counts) throws IOException;

  /** Whether a row is in it, by a column with its time. */
  Column has(String time);

  /** The same for rows of {@code events}, so that only their folders are read. */
  Column eventsInFolders();

  /** The same for rows of {@code event_counts}, as SQL text. */
  String countsSql();
}
