package io.tributary.drill;

import io.tributary.drill.SentRecord.Place;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.Lake;
import io.tributary.reader.LakeQuery;
import io.tributary.reader.LakeTable;
import io.tributary.reader.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tables hold, read by Delta Kernel and DuckDB: by another way than the one by which the
 * job writes.
 *
 * @param rows everything that lies at a place, in any number
 * @param counts by minute and type
 * @param ledger what is on record of the batch of a version of {@code events}
 */
record LakeContents(
    Map<Place, List<String>> rows,
    Map<Place, List<String>> duplicates,
    Map<Place, List<String>> letters,
    Map<String, Long> counts,
    Map<String, List<String>> ledger) {

  static LakeContents read(String root) {
    LakeContents contents =
        new LakeContents(
            new HashMap<>(), new HashMap<>(), new HashMap<>(), new TreeMap<>(), new HashMap<>());
    try (Lake lake = Lake.open(root)) {
      each(
          lake.table(LakeLayout.EVENTS),
          "SELECT kafka_partition, kafka_offset, event_id, event_type, epoch_us(ts), digest FROM t",
          row ->
              put(
                  contents.rows,
                  new Place(row.getInt(1), row.getLong(2)),
                  Expected.identity(row.getString(3), row.getLong(5))
                      + " "
                      + Expected.content(row.getString(4), row.getLong(5), row.getLong(6))));
      each(
          lake.table(LakeLayout.DUPLICATES),
          "SELECT kafka_partition, kafka_offset, event_id FROM t",
          row ->
              put(contents.duplicates, new Place(row.getInt(1), row.getLong(2)), row.getString(3)));
      each(
          lake.table(LakeLayout.DEAD_LETTERS),
          "SELECT kafka_partition, kafka_offset, reason FROM t",
          row -> put(contents.letters, new Place(row.getInt(1), row.getLong(2)), row.getString(3)));
      each(
          lake.table(LakeLayout.EVENT_COUNTS),
          "SELECT epoch_us(window_start), event_type, sum(count) FROM t GROUP BY ALL",
          row ->
              contents.counts.put(
                  Expected.slice(row.getLong(1), row.getString(2)), row.getLong(3)));
      each(
          lake.table(LakeLayout.LEDGER),
          "SELECT version, records, rows, duplicates, dead_letters FROM t WHERE kind = 'lake_batch'",
          row ->
              contents
                  .ledger
                  .computeIfAbsent(Long.toString(row.getLong(1)), absent -> new ArrayList<>())
                  .add(
                      ExactCheck.account(
                          row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
    }
    return contents;
  }

  private static void each(LakeTable table, String select, LakeQuery.RowReader reader) {
    if (table.exists()) {
      TableSnapshot snapshot = table.snapshot();
      snapshot.query(snapshot.files()).each(select, reader);
    }
  }

  private static void put(Map<Place, List<String>> map, Place place, String value) {
    map.computeIfAbsent(place, absent -> new ArrayList<>()).add(value);
  }
}
