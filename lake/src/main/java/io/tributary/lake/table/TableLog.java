package io.tributary.lake.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.layout.LakeLayout;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The commits of a table as they stand in Delta's log, one JSON action a line. */
public final class TableLog {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path table;
  private final Path log;
  private final Configuration hadoop;

  public TableLog(String tablePath, Configuration hadoop) {
    this.table = new Path(tablePath);
    this.log = new Path(tablePath, "_delta_log");
    this.hadoop = hadoop;
  }

  /** The log of a table of the lake. */
  public static TableLog of(String lakeRoot, String tableName, Configuration hadoop) {
    return new TableLog(LakeLayout.table(lakeRoot, tableName), hadoop);
  }

  /**
   * The actions of a commit; empty when there is no such version, or the log no longer holds it.
   *
   * @throws IOException when the log cannot be read
   */
  public Optional<List<JsonNode>> commit(long version) throws IOException {
    Path file = new Path(log, "%020d.json".formatted(version));
    FileSystem files = log.getFileSystem(hadoop);
    List<JsonNode> actions = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (!line.isBlank()) {
          actions.add(JSON.readTree(line));
        }
        line = lines.readLine();
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    return Optional.of(actions);
  }

  /** What the commits after one version up to another did to the rows. */
  public TableChanges changes(long afterVersion, long upToVersion) throws IOException {
    List<String> added = new ArrayList<>();
    boolean rewritten = false;
    for (long version = afterVersion + 1; version <= upToVersion; version++) {
      Optional<List<JsonNode>> actions = commit(version);
      if (actions.isEmpty()) {
        return new TableChanges(List.of(), true);
      }
      added.addAll(added(actions.get()));
      for (JsonNode action : actions.get()) {
        rewritten |= action.path("remove").path("dataChange").asBoolean(false);
      }
    }
    return new TableChanges(added, rewritten);
  }

  /** The data files with new rows of a commit, absolute. */
  private List<String> added(List<JsonNode> actions) {
    return actions.stream()
        .map(action -> action.path("add"))
        // A compaction moves rows and changes none.
        .filter(add -> add.path("dataChange").asBoolean(false))
        .map(add -> new Path(table, decoded(add.get("path").asText())).toString())
        .toList();
  }

  /** What a commit of a stream says of itself; empty for a commit of anybody else. */
  public Optional<StreamCommit> streamCommit(List<JsonNode> actions, String query) {
    return actions.stream()
        .map(action -> action.path("domainMetadata"))
        .filter(domain -> domain.path("domain").asText().equals(StreamTable.DOMAIN_PREFIX + query))
        .filter(domain -> !domain.path("removed").asBoolean())
        .map(domain -> StreamCommit.fromJson(domain.path("configuration").asText()))
        .findFirst();
  }

  /**
   * What the newest batch of a stream said of itself, up to a version; empty when there was none,
   * or the log no longer holds it. A commit that only took the table over is no batch.
   */
  Optional<StreamCommit> newestBatch(String query, long upToVersion) throws IOException {
    for (long version = upToVersion; version >= 0; version--) {
      Optional<List<JsonNode>> actions = commit(version);
      if (actions.isEmpty()) {
        return Optional.empty();
      }
      Optional<StreamCommit> batch =
          streamCommit(actions.get(), query).filter(said -> said.batch() != StreamCommit.NO_BATCH);
      if (batch.isPresent()) {
        return batch;
      }
    }
    return Optional.empty();
  }

  /** Delta writes paths as relative URIs. */
  private static String decoded(String path) {
    return java.net.URI.create(path).getPath();
  }
}
