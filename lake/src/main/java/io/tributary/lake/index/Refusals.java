package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The documents of one write that Elasticsearch refused for their content: tasks write them down in
 * a folder ({@link BulkRejections}), the driver reads them here.
 */
public final class Refusals {
  private static final JsonMapper JSON = new JsonMapper(JsonTextField.ANY_JSON);

  private final String folder;
  private final Configuration hadoop;

  /**
   * @param folder of one write; all tasks can write to it
   */
  public Refusals(String folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /** What the connector must be told so that tasks write to the folder. */
  public Map<String, String> connectorOptions() {
    return Map.of("es.write.rest.error.handler.tributary." + BulkRejections.FOLDER, folder);
  }

  /** What was refused so far; an attempt of a task that failed may have written some twice. */
  public List<Refusal> read() {
    List<Refusal> refusals = new ArrayList<>();
    Path path = new Path(folder);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      if (!files.exists(path)) {
        return refusals;
      }
      for (FileStatus file : files.listStatus(path)) {
        try (BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(files.open(file.getPath()), StandardCharsets.UTF_8))) {
          String line = reader.readLine();
          while (line != null) {
            add(JSON.readTree(line), refusals);
            line = reader.readLine();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read which documents Elasticsearch refused from %s: %s. Check that the folder can be read."
              .formatted(folder, e.getMessage()),
          e);
    }
    return refusals;
  }

  /** A bulk entry is a line that says what to do, and the document. */
  private static void add(JsonNode line, List<Refusal> refusals) throws IOException {
    for (String part : line.path("entry").asText().split("\n", -1)) {
      JsonNode document = JSON.readTree(part);
      if (document != null && document.has("event_id")) {
        refusals.add(new Refusal(document, line.path("reason").asText()));
      }
    }
  }

  /** Forgets what was written down. */
  public void delete() {
    Path path = new Path(folder);
    try {
      path.getFileSystem(hadoop).delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot delete %s: %s. Check that the folder can be written to."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /**
   * A refused document.
   *
   * @param reason Elasticsearch's own words
   */
  public record Refusal(JsonNode document, String reason) {}
}
