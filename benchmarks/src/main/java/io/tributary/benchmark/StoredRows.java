package io.tributary.benchmark;

import io.tributary.layout.LakeLayout;
import io.tributary.reader.DataFile;
import io.tributary.reader.Lake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The ids of a lake's events, whoever wrote it: the files of the newest version, row by row. */
final class StoredRows {
  private StoredRows() {}

  static void eachId(Path lakeFolder, Consumer<String> consumer) throws IOException {
    try (Lake lake = Lake.open(lakeFolder.toString())) {
      eachIdOf(
          lake.table(LakeLayout.EVENTS).snapshot().files().stream()
              .map(StoredRows::localPath)
              .toList(),
          consumer);
    }
  }

  /** The ids in some Parquet files of this machine. */
  static void eachIdOf(List<String> files, Consumer<String> consumer) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    String list =
        files.stream()
            .map(file -> "'" + file.replace("'", "''") + "'")
            .collect(Collectors.joining(", ", "[", "]"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT event_id FROM read_parquet(" + list + ", hive_partitioning=false)")) {
      while (rows.next()) {
        consumer.accept(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IOException("Cannot read ids of the lake: %s.".formatted(e.getMessage()), e);
    }
  }

  private static String localPath(DataFile file) {
    return file.path().startsWith("file:") ? URI.create(file.path()).getPath() : file.path();
  }
}
