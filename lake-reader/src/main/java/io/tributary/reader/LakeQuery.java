package io.tributary.reader;

import io.delta.kernel.types.StructField;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * SQL (DuckDB's) over chosen files of one snapshot. The statement starts with SELECT and calls the
 * table {@code t}; it has all columns of the table, the partition columns included, also when no
 * file is chosen and when older files lack a column (then NULL). Times are TIMESTAMP WITH TIME
 * ZONE; {@code epoch_us(ts)} gives microseconds.
 *
 * <p>Values from outside go in as {@code ?} parameters, never into the text.
 */
public final class LakeQuery {
  /** How the columns of the files are brought together. */
  enum Schemas {
    /** By name over all files: right for every table, opens every footer first. */
    MERGED,
    /** Those of the first file: right only for columns that all files have. */
    OF_FIRST_FILE
  }

  /** Whether the rows say which file they are from. */
  enum Origin {
    /** They do not. */
    HIDDEN,
    /** In the column {@code _file}, as {@link #localPath}. */
    SHOWN
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface RowReader {
    /** Reads the current row of the result; must not move it. */
    void read(ResultSet row) throws SQLException;
  }

  /** Takes one row and says whether it wants another. */
  @FunctionalInterface
  public interface RowScan {
    /** Reads the current row of the result; must not move it. False ends the query. */
    boolean readAndGoOn(ResultSet row) throws SQLException;
  }

  /** Makes one value of one row. */
  @FunctionalInterface
  public interface RowMapper<T> {
    /** Reads the current row of the result; must not move it. */
    T map(ResultSet row) throws SQLException;
  }

  private final Duck duck;
  private final TableSnapshot snapshot;
  private final List<DataFile> files;
  private final Schemas schemas;
  private final Origin origin;

  LakeQuery(
      Duck duck, TableSnapshot snapshot, List<DataFile> files, Schemas schemas, Origin origin) {
    this.duck = duck;
    this.snapshot = snapshot;
    this.files = List.copyOf(files);
    this.schemas = schemas;
    this.origin = origin;
  }

  /** All rows of the answer, in memory. */
  public <T> List<T> list(String select, RowMapper<T> mapper, @Nullable Object... parameters) {
    List<T> answer = new ArrayList<>();
    each(select, row -> answer.add(mapper.map(row)), parameters);
    return answer;
  }

  /** The first column of the only row, as a number. */
  public long number(String select, @Nullable Object... parameters) {
    List<Long> answer = list(select, row -> row.getLong(1), parameters);
    if (answer.size() != 1) {
      throw new IllegalArgumentException("Expected one row, got " + answer.size() + ".");
    }
    return answer.get(0);
  }

  /** Row after row, without holding the answer in memory. */
  public void each(String select, RowReader reader, @Nullable Object... parameters) {
    scan(
        select,
        row -> {
          reader.read(row);
          return true;
        },
        parameters);
  }

  /** As {@link #each} until the reader has enough. */
  public void scan(String select, RowScan reader, @Nullable Object... parameters) {
    String sql = "WITH t AS NOT MATERIALIZED (" + relation() + ") " + select;
    try (Connection connection = duck.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        boolean more = true;
        while (more && rows.next()) {
          more = reader.readAndGoOn(rows);
        }
      }
    } catch (SQLException e) {
      throw LakeErrors.query(snapshot.path(), select, e);
    }
  }

  private String relation() {
    String typed =
        snapshot.schema().fields().stream()
            .map(
                field ->
                    "CAST(NULL AS "
                        + SqlTypes.of(field.getDataType())
                        + ") AS "
                        + SqlTypes.name(field.getName()))
            .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    if (files.isEmpty()) {
      return origin == Origin.SHOWN
          ? "SELECT *, CAST(NULL AS VARCHAR) AS _file FROM (" + typed + ")"
          : typed;
    }
    String list =
        files.stream()
            .map(file -> SqlTypes.text(localPath(file)))
            .collect(Collectors.joining(", ", "[", "]"));
    String read =
        "read_parquet("
            + list
            + ", hive_partitioning=false, filename='_file', union_by_name="
            + (schemas == Schemas.MERGED)
            + ")";
    return typed + " UNION ALL BY NAME " + withPartitionColumns(read);
  }

  /** Delta keeps partition values in the log, not in the files. */
  private String withPartitionColumns(String read) {
    List<StructField> fields = snapshot.partitionFields();
    if (fields.isEmpty()) {
      return (origin == Origin.SHOWN ? "SELECT * FROM " : "SELECT * EXCLUDE (_file) FROM ") + read;
    }
    String columns =
        fields.stream()
            .map(
                field ->
                    "CAST(p."
                        + SqlTypes.name(field.getName())
                        + " AS "
                        + SqlTypes.of(field.getDataType())
                        + ") AS "
                        + SqlTypes.name(field.getName()))
            .collect(Collectors.joining(", "));
    String names =
        fields.stream()
            .map(field -> SqlTypes.name(field.getName()))
            .collect(Collectors.joining(", "));
    // A writer may have put them into its files as well; the log decides.
    String inTheLog =
        fields.stream()
            .map(field -> SqlTypes.text(field.getName()))
            .collect(Collectors.joining(", "));
    return (origin == Origin.SHOWN ? "SELECT f.*, " : "SELECT f.* EXCLUDE (_file), ")
        + columns
        + " FROM (SELECT COLUMNS(lambda name: name NOT IN ("
        + inTheLog
        + ")) FROM "
        + read
        + ") f JOIN (VALUES "
        + files.stream().map(this::partitionRow).collect(Collectors.joining(", "))
        + ") p(_file, "
        + names
        + ") ON f._file = p._file";
  }

  private String partitionRow(DataFile file) {
    return snapshot.partitionColumns().stream()
        .map(file.partitionValues()::get)
        .map(value -> value == null ? "CAST(NULL AS VARCHAR)" : SqlTypes.text(value))
        .collect(Collectors.joining(", ", "(" + SqlTypes.text(localPath(file)) + ", ", ")"));
  }

  /** A file of this very name is never taken for a pattern by DuckDB. */
  static String localPath(DataFile file) {
    URI uri = new Path(file.path()).toUri();
    String scheme = uri.getScheme();
    if (scheme != null && !scheme.equals("file")) {
      throw LakeErrors.notLocal(file.path());
    }
    return uri.getPath();
  }
}
