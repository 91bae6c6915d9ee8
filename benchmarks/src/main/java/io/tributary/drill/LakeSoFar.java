package io.tributary.drill;

import io.tributary.reader.DataFile;
import io.tributary.reader.Lake;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows, duplicates and letters of a growing lake, without reading a file twice: files of Delta
 * tables do not change. When one that was read is no longer of its table, all is read anew.
 */
final class LakeSoFar {
  private final String root;
  private final Map<String, Set<DataFile>> read = new HashMap<>();
  private LakeContents contents = LakeContents.nothing();
  private boolean rewritten;

  LakeSoFar(String root) {
    this.root = root;
  }

  /** What is there now; the same object grows with every call. */
  LakeContents now(Generations generations) {
    try (Lake lake = Lake.open(root)) {
      rewritten = false;
      contents.addRecords(lake, this::unread, generations);
      if (rewritten) {
        read.clear();
        contents = LakeContents.nothing();
        contents.addRecords(lake, this::unread, generations);
      }
    }
    return contents;
  }

  private List<DataFile> unread(String table, List<DataFile> files) {
    Set<DataFile> known = read.computeIfAbsent(table, absent -> new HashSet<>());
    rewritten |= !new HashSet<>(files).containsAll(known);
    return files.stream().filter(known::add).toList();
  }
}
