package io.tributary.drill;

import io.tributary.drill.SentRecord.Place;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.DataFile;
import io.tributary.reader.Lake;
import io.tributary.reader.LakeQuery;
import io.tributary.reader.LakeTable;
import io.tributary.reader.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
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
 * @param gaps how often each lost range of the lake query is on record
 */
record LakeContents(
    Map<Place, List<String>> rows,
    Map<Place, List<String>> duplicates,
    Map<Place, List<String>> letters,
    Map<String, Long> counts,
    Map<String, List<String>> ledger,
    Map<String, Long> gaps) {

  /** Which files of a table are read. */
  @FunctionalInterface
  interface Choice {
    /** Some of the files. */
    List<DataFile> of(String table, List<DataFile> files);
  }

  static LakeContents nothing() {
    return new LakeContents(
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        new TreeMap<>(),
        new HashMap<>(),
        new TreeMap<>());
  }

  /** All that is there, every file read. */
  static LakeContents read(String root, Generations generations) {
    LakeContents contents = nothing();
    Choice all = (table, files) -> files;
    try (Lake lake = Lake.open(root)) {
      contents.addRecords(lake, all, generations);
      each(
          lake,
          LakeLayout.EVENT_COUNTS,
          all,
          "SELECT epoch_us(window_start), event_type, sum(count) FROM t GROUP BY ALL",
          row ->
              contents.counts.put(
                  Expected.slice(row.getLong(1), row.getString(2)), row.getLong(3)));
      each(
          lake,
          LakeLayout.LEDGER,
          all,
          "SELECT version, records, rows, duplicates, dead_letters FROM t WHERE kind = 'lake_batch'",
          row ->
              contents
                  .ledger
                  .computeIfAbsent(Long.toString(row.getLong(1)), absent -> new ArrayList<>())
                  .add(
                      ExactCheck.account(
                          row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
      each(
          lake,
          LakeLayout.LEDGER,
          all,
          "SELECT kafka_partition, from_offset, until_offset FROM t"
              + " WHERE kind = 'gap' AND query = 'lake'",
          row ->
              contents.gaps.merge(
                  Lost.gap(row.getInt(1), row.getLong(2), row.getLong(3)), 1L, Long::sum));
    }
    return contents;
  }

  /** Adds the rows, duplicates and letters of some files. */
  void addRecords(Lake lake, Choice choice, Generations generations) {
    each(
        lake,
        LakeLayout.EVENTS,
        choice,
        "SELECT epoch_ms(kafka_ts), kafka_partition, kafka_offset, event_id, event_type,"
            + " epoch_us(ts), digest FROM t",
        row ->
            put(
                rows,
                place(row, generations),
                Expected.identity(row.getString(4), row.getLong(6))
                    + " "
                    + Expected.content(row.getString(5), row.getLong(6), row.getLong(7))));
    each(
        lake,
        LakeLayout.DUPLICATES,
        choice,
        "SELECT epoch_ms(kafka_ts), kafka_partition, kafka_offset, event_id FROM t",
        row -> put(duplicates, place(row, generations), row.getString(4)));
    each(
        lake,
        LakeLayout.DEAD_LETTERS,
        choice,
        "SELECT epoch_ms(kafka_ts), kafka_partition, kafka_offset, reason FROM t",
        row -> put(letters, place(row, generations), row.getString(4)));
  }

  private static Place place(ResultSet row, Generations generations) throws SQLException {
    return new Place(generations.at(row.getLong(1)), row.getInt(2), row.getLong(3));
  }

  private static void each(
      Lake lake, String name, Choice choice, String select, LakeQuery.RowReader reader) {
    LakeTable table = lake.table(name);
    if (table.exists()) {
      TableSnapshot snapshot = table.snapshot();
      snapshot.query(choice.of(name, snapshot.files())).each(select, reader);
    }
  }

  private static void put(Map<Place, List<String>> map, Place place, String value) {
    map.computeIfAbsent(place, absent -> new ArrayList<>()).add(value);
  }
}
