package io.tributary.lake.table;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Or;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the data files of a version of a table in its log, in this thread and without Spark. */
public final class TableFiles {
  private final Engine engine;
  private final Snapshot snapshot;

  public TableFiles(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /** All of them. */
  public List<LiveFile> all() {
    return files(snapshot.getScanBuilder());
  }

  /**
   * Those in any of these partitions.
   *
   * @param partitions values of partition columns; columns that are left out may have any value
   */
  public List<LiveFile> in(List<Map<String, Literal>> partitions) {
    return anyOf(partitions)
        .map(where -> files(snapshot.getScanBuilder().withFilter(where)))
        .orElse(List.of());
  }

  private List<LiveFile> files(ScanBuilder scan) {
    List<LiveFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = withStatistics(scan.build())) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          rows.forEachRemaining(
              row ->
                  files.add(
                      LiveFile.of(
                          InternalScanFileUtils.getAddFileStatus(row).getPath(),
                          row.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of " + snapshot.getPath(), e);
    }
    return files;
  }

  private CloseableIterator<FilteredColumnarBatch> withStatistics(Scan scan) {
    return ((ScanImpl) scan).getScanFiles(engine, true);
  }

  /** What is true in these partitions; empty for none. */
  static Optional<Predicate> anyOf(List<Map<String, Literal>> partitions) {
    return partitions.stream().map(TableFiles::allOf).reduce((left, right) -> new Or(left, right));
  }

  private static Predicate allOf(Map<String, Literal> partition) {
    return partition.entrySet().stream()
        .map(column -> new Predicate("=", List.of(new Column(column.getKey()), column.getValue())))
        .reduce((left, right) -> new And(left, right))
        .orElseThrow();
  }
}
