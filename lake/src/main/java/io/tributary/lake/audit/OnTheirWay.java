package io.tributary.lake.audit;

import io.tributary.lake.table.OffsetRange;
import java.util.List;

/**
 * Rows that the index query may not have come to yet.
 *
 * @param files the names of the data files that they are in, all added lately; none for all files
 * @param ranges which of the rows in them
 */
record OnTheirWay(List<String> files, List<OffsetRange> ranges) {
  OnTheirWay {
    files = List.copyOf(files);
    ranges = List.copyOf(ranges);
  }
}
