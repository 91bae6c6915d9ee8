package io.tributary.lake.table;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The columns of a table, its partitions, and how a row of them is made.
 *
 * @param name the folder of the table under the root of the lake
 * @param columns the columns in the files, without the partition columns
 * @param <T> what a row is made of
 */
public record TableLayout<T>(String name, List<Column<T>> columns, Partitioning<T> partitioning) {

  /** How rows are spread over folders. */
  public interface Partitioning<T> {
    /** The partition columns in the order of the folders. */
    List<StructField> columns();

    /** The partition of a row, as a number that {@link #values} understands. */
    long key(T row);

    /** The values of the partition columns, by name. */
    Map<String, Literal> values(long key);

    /** The folder below the table: {@code year=2016/month=6/day=10/hour=1}. */
    String directory(long key);
  }

  /** The schema of the table: the columns of the files, then those of the folders. */
  public StructType schema() {
    List<StructField> fields = new ArrayList<>(fileSchema().fields());
    fields.addAll(partitioning.columns());
    return new StructType(fields);
  }

  /** The schema of a data file. */
  StructType fileSchema() {
    return new StructType(
        columns.stream()
            .map(
                column ->
                    new StructField(
                        column.name(),
                        column.type(),
                        column.presence() == Column.Presence.OPTIONAL))
            .toList());
  }

  List<io.delta.kernel.expressions.Column> statisticsColumns() {
    return columns.stream()
        .filter(column -> column.statistics() == Column.Statistics.KEPT)
        .map(column -> new io.delta.kernel.expressions.Column(column.name()))
        .toList();
  }

  List<String> partitionColumns() {
    return partitioning.columns().stream().map(StructField::getName).toList();
  }
}
