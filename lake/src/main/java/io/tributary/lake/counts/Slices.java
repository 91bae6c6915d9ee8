package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;

import io.tributary.lake.table.LiveFile;
import io.tributary.lake.table.RewrittenTable;
import io.tributary.lake.table.TableFiles;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** The minutes of some slices. */
record Slices(List<Slice> slices) implements Part {
  Slices {
    slices = List.copyOf(slices);
  }

  @Override
  public List<LiveFile> events(TableFiles events) throws IOException {
    return meeting(events.in(Slice.hours(slices)), LakeLayout.TS);
  }

  @Override
  public List<LiveFile> counts(RewrittenTable<?> counts) throws IOException {
    return meeting(counts.files(Slice.days(slices)), LakeLayout.WINDOW_START);
  }

  private List<LiveFile> meeting(List<LiveFile> files, String column) throws IOException {
    List<LiveFile> meeting = new ArrayList<>();
    for (LiveFile file : files) {
      if (Span.mayMeet(file, column, slices)) {
        meeting.add(file);
      }
    }
    return meeting;
  }

  @Override
  public Column has(String time) {
    return Slice.containing(slices, col(time));
  }

  @Override
  public Column eventsInFolders() {
    return Slice.events(slices);
  }

  @Override
  public String countsSql() {
    return Slice.countsSql(slices);
  }
}
