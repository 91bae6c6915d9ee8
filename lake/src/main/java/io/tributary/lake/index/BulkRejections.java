package io.tributary.lake.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.elasticsearch.hadoop.handler.HandlerResult;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteErrorHandler;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteFailure;
import org.elasticsearch.hadoop.rest.bulk.handler.DelayableErrorCollector;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a document that Elasticsearch does not take. One that is there already is what
 * was asked for. One refused for its content is written down, one line each, in a file that the
 * driver reads after the tasks; its event stays a row of the lake. Everything else (too busy, a
 * disk or the number of shards at its limit, an index read-only or not there and not to be made) is
 * the server's trouble and fails the batch, which is tried again.
 *
 * <p>Made by the connector inside tasks, by its name.
 */
public final class BulkRejections extends BulkWriteErrorHandler {
  static final String FOLDER = "folder";

  private static final int CONFLICT = 409;
  private static final int BAD_REQUEST = 400;
  private static final JsonMapper JSON = new JsonMapper();

  private @Nullable String folder;
  private @Nullable Writer file;

  /** The connector makes handlers by reflection. */
  public BulkRejections() {}

  @Override
  public void init(Properties properties) {
    folder = properties.getProperty(FOLDER);
  }

  @Override
  public HandlerResult onError(BulkWriteFailure failure, DelayableErrorCollector<byte[]> collector)
      throws Exception {
    int status = failure.getResponseCode();
    if (status == CONFLICT) {
      return HandlerResult.HANDLED;
    }
    if (status != BAD_REQUEST || folder == null || isAboutTheCluster(failure)) {
      return collector.pass("not a matter of the document's content");
    }
    Writer lines = open(folder);
    lines.write(line(failure));
    lines.write('\n');
    return HandlerResult.HANDLED;
  }

  /** No room for another index, or nobody may write: that passes, whatever the status. */
  private static boolean isAboutTheCluster(BulkWriteFailure failure) {
    String reason = reason(failure);
    return reason.contains("validation_exception")
        || reason.contains("Validation Failed")
        || reason.contains("cluster_block_exception");
  }

  private static String reason(BulkWriteFailure failure) {
    String message = failure.getException().getMessage();
    return message == null ? failure.getException().toString() : message;
  }

  private static String line(BulkWriteFailure failure) throws IOException {
    byte[] entry = failure.getEntryContents().readAllBytes();
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("status", failure.getResponseCode());
      json.writeStringField("reason", reason(failure));
      json.writeStringField("entry", new String(entry, StandardCharsets.UTF_8));
      json.writeEndObject();
    }
    return line.toString();
  }

  private Writer open(String folder) throws IOException {
    Writer open = file;
    if (open == null) {
      Path path = new Path(folder, UUID.randomUUID() + ".ndjson");
      FileSystem files = path.getFileSystem(new Configuration());
      open =
          new BufferedWriter(
              new OutputStreamWriter(files.create(path, false), StandardCharsets.UTF_8));
      file = open;
    }
    return open;
  }

  @Override
  public void close() {
    Writer open = file;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot write down the documents that Elasticsearch refused", e);
      }
    }
  }
}
