package io.tributary.lake.table;

import java.util.List;

/**
 * What other writers did to a table between two of its versions.
 *
 * @param added data files with new rows, absolute; compactions, which only move rows, are left out
 * @param rewritten whether rows were also taken away or changed, or the log no longer tells
 */
public record TableChanges(List<String> added, boolean rewritten) {
  static final TableChanges NONE = new TableChanges(List.of(), false);

  public TableChanges {
    added = List.copyOf(added);
  }

  public boolean isNone() {
    return added.isEmpty() && !rewritten;
  }
}
