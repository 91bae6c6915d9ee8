package io.tributary.reader;

import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of one table. What it answers never changes, whatever is committed meanwhile, as long
 * as nobody deletes its files from the storage.
 */
public final class TableSnapshot {
  private final String path;
  private final Snapshot snapshot;
  private final Engine engine;
  private final Duck duck;

  TableSnapshot(String path, Snapshot snapshot, Engine engine, Duck duck) {
    String mapping = snapshot.getTableProperties().getOrDefault("delta.columnMapping.mode", "none");
    if (!mapping.equals("none")) {
      throw LakeErrors.columnMapping(path, mapping);
    }
    this.path = path;
    this.snapshot = snapshot;
    this.engine = engine;
    this.duck = duck;
  }

  /** Where the table is. */
  public String path() {
    return path;
  }

  /** The version, counted by Delta from 0. */
  public long version() {
    return snapshot.getVersion();
  }

  /** All column names, in the table's order. */
  public List<String> columns() {
    return snapshot.getSchema().fieldNames();
  }

  /** The names of the partition columns, in order; empty when not partitioned. */
  public List<String> partitionColumns() {
    return snapshot.getPartitionColumnNames();
  }

  /**
   * All files of this version.
   *
   * @throws LakeUnreadableException when the log cannot be read or a file has a deletion vector
   */
  public List<DataFile> files() {
    return scan(Optional.empty());
  }

  /**
   * The files that may hold rows with {@code ts} inside the range: first by the hour they are filed
   * under, then by the least and greatest {@code ts} that their writer noted down. Rows outside the
   * range may be in them too.
   *
   * @throws LakeUnreadableException as {@link #files()}, or when the table is not partitioned by
   *     year, month, day and hour
   */
  public List<DataFile> files(TimeRange range) {
    if (!partitionColumns().equals(Hours.PARTITIONS)) {
      throw LakeErrors.notPartitionedByHour(path);
    }
    if (range.isEmpty()) {
      return List.of();
    }
    return scan(Optional.of(Hours.touching(range)));
  }

  /**
   * The files that may hold a row with exactly this text in this column, by the least and greatest
   * values that their writers noted down.
   */
  public List<DataFile> filesWith(String column, String value) {
    return scan(Optional.of(new Predicate("=", new Column(column), Literal.ofString(value))));
  }

  /** {@link #filesWith} inside a range. */
  public List<DataFile> filesWith(String column, String value, TimeRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    return scan(
        Optional.of(
            new And(
                Hours.touching(range),
                new Predicate("=", new Column(column), Literal.ofString(value)))));
  }

  /** A query over some files of this version, given by one of the methods above. */
  public LakeQuery query(List<DataFile> files) {
    return new LakeQuery(duck, this, files, LakeQuery.Schemas.MERGED, LakeQuery.Origin.HIDDEN);
  }

  /**
   * What the newest commit of a query of the stream said of itself, as JSON text. It is part of
   * every version, however many commits of others came after it; empty when there never was one.
   *
   * @param query {@code lake} or {@code index}
   */
  public Optional<String> newestCommitOf(String query) {
    return snapshot.getDomainMetadata(Commit.DOMAIN_PREFIX + query);
  }

  /**
   * As {@link #query}, when only columns that every file has from the table's first day on are
   * asked for: spares a look into every file's footer before the first row.
   */
  LakeQuery queryOfFirstColumns(List<DataFile> files) {
    return new LakeQuery(
        duck, this, files, LakeQuery.Schemas.OF_FIRST_FILE, LakeQuery.Origin.HIDDEN);
  }

  /** As {@link #query}, with the file of every row in the column {@code _file}. */
  LakeQuery queryWithOrigin(List<DataFile> files) {
    return new LakeQuery(duck, this, files, LakeQuery.Schemas.MERGED, LakeQuery.Origin.SHOWN);
  }

  StructType schema() {
    return snapshot.getSchema();
  }

  private List<DataFile> scan(Optional<Predicate> predicate) {
    ScanBuilder builder = snapshot.getScanBuilder();
    ScanBuilder filtered = predicate.map(builder::withFilter).orElse(builder);
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        filtered.build().getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            files.add(file(rows.next()));
          }
        }
      }
      return files;
    } catch (IOException | UncheckedIOException | KernelException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  private DataFile file(Row scanFile) {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(scanFile);
    if (InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile) != null) {
      throw LakeErrors.deletionVector(path, status.getPath());
    }
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    int stats = InternalScanFileUtils.ADD_FILE_STATS_ORDINAL;
    return new DataFile(
        absolute(status.getPath()),
        partitionValues(scanFile),
        status.getSize(),
        add.isNullAt(stats) ? null : FileStatistics.numRecords(add.getString(stats)),
        status.getModificationTime());
  }

  /** Kernel gives the table's folder as an encoded URI, followed by the file's decoded path. */
  private String absolute(String kernelPath) {
    String folder = snapshot.getDataPath().toUri() + "/";
    return kernelPath.startsWith(folder)
        ? path + "/" + kernelPath.substring(folder.length())
        : kernelPath;
  }

  private Map<String, @Nullable String> partitionValues(Row scanFile) {
    Map<String, String> values = InternalScanFileUtils.getPartitionValues(scanFile);
    Map<String, @Nullable String> ordered = new LinkedHashMap<>();
    for (String column : partitionColumns()) {
      ordered.put(column, values.get(column));
    }
    return ordered;
  }

  List<StructField> partitionFields() {
    return partitionColumns().stream().map(name -> schema().get(name)).toList();
  }
}
