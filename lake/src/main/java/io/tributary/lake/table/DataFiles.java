package io.tributary.lake.table;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers rows of one table and writes them as one file a partition. Runs inside Spark tasks; what
 * it writes is invisible until {@link LakeTable#append} commits it.
 *
 * @param <T> what a row is made of
 */
public final class DataFiles<T> {
  private final TableLayout<T> layout;
  private final Map<Long, List<T>> rows = new TreeMap<>();
  private long lastKey;
  private List<T> lastRows = List.of();

  public DataFiles(TableLayout<T> layout) {
    this.layout = layout;
  }

  public void add(T row) {
    long key = layout.partitioning().key(row);
    if (key != lastKey || lastRows.isEmpty()) {
      lastKey = key;
      lastRows = rows.computeIfAbsent(key, absent -> new ArrayList<>());
    }
    lastRows.add(row);
  }

  /** Writes what was added; nothing when nothing was. */
  public List<WrittenFile> write(Engine engine, String lakeRoot) {
    List<WrittenFile> files = new ArrayList<>();
    rows.forEach((key, partition) -> files.addAll(write(engine, lakeRoot, key, partition)));
    rows.clear();
    lastRows = List.of();
    return files;
  }

  private List<WrittenFile> write(Engine engine, String lakeRoot, long key, List<T> partition) {
    String directory =
        LakeLayout.table(lakeRoot, layout.name()) + "/" + layout.partitioning().directory(key);
    FilteredColumnarBatch batch =
        new FilteredColumnarBatch(new RowBatch<>(layout, partition), Optional.empty());
    List<WrittenFile> files = new ArrayList<>();
    try (CloseableIterator<DataFileStatus> written =
        engine
            .getParquetHandler()
            .writeParquetFiles(directory, single(batch), layout.statisticsColumns())) {
      while (written.hasNext()) {
        files.add(describe(key, written.next()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write a data file in %s: %s. Check that the lake is reachable, writable and not full."
              .formatted(directory, e.getMessage()),
          e);
    }
    return files;
  }

  private WrittenFile describe(long key, DataFileStatus file) {
    var statistics =
        file.getStatistics()
            .orElseThrow(
                () -> new IllegalStateException("Delta gave no statistics for " + file.getPath()));
    return new WrittenFile(
        layout.name(),
        key,
        file.getPath(),
        file.getSize(),
        file.getModificationTime(),
        statistics.getNumRecords(),
        statistics.serializeAsJson(layout.fileSchema()));
  }

  private static CloseableIterator<FilteredColumnarBatch> single(FilteredColumnarBatch batch) {
    Iterator<FilteredColumnarBatch> one = List.of(batch).iterator();
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return one.hasNext();
      }

      @Override
      public FilteredColumnarBatch next() {
        return one.next();
      }

      @Override
      public void close() {}
    };
  }
}
