package io.tributary.reader;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One in-memory DuckDB instance, started with the first question. It loads no extension, writes no
 * file and keeps to the memory and threads it was given.
 */
final class Duck implements AutoCloseable {
  private final ReaderSettings settings;
  private @Nullable DuckDBConnection instance;
  private boolean closed;

  Duck(ReaderSettings settings) {
    this.settings = settings;
  }

  /** A connection of its own for one question; close it when answered. */
  synchronized Connection connect() {
    if (closed) {
      throw new IllegalStateException("Cannot query the lake: it was closed. Open it again.");
    }
    try {
      DuckDBConnection running = instance;
      if (running == null) {
        running = start();
        instance = running;
      }
      Connection connection = running.duplicate();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TimeZone='UTC'");
      }
      return connection;
    } catch (SQLException e) {
      throw LakeErrors.engine(e);
    }
  }

  private DuckDBConnection start() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    DuckDBConnection connection =
        DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
    try (Statement statement = connection.createStatement()) {
      for (String setting :
          List.of(
              "autoinstall_known_extensions=false",
              "autoload_known_extensions=false",
              "allow_community_extensions=false",
              "memory_limit='" + settings.memoryMebibytes() + "MiB'",
              "threads=" + settings.threads(),
              "temp_directory=''",
              "preserve_insertion_order=false",
              "parquet_metadata_cache=true")) {
        statement.execute("SET " + setting);
      }
    }
    return connection;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (instance != null) {
      try {
        instance.close();
      } catch (SQLException e) {
        throw LakeErrors.engine(e);
      }
      instance = null;
    }
  }
}
