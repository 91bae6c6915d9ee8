package io.tributary.lake.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Throwables;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.elasticsearch.hadoop.handler.HandlerResult;
import org.elasticsearch.hadoop.rest.EsHadoopRemoteException;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteErrorHandler;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteFailure;
import org.elasticsearch.hadoop.rest.bulk.handler.DelayableErrorCollector;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a document that Elasticsearch does not take. One that is there already is what
 * was asked for. One refused for its content is written down, one line each, in a file that the
 * driver reads after the tasks; its event stays a row of the lake. Everything else (too busy, a
 * disk or the number of shards at its limit, an index closed, read-only or not there and not to be
 * made) is the server's trouble and fails the batch, which is tried again.
 *
 * <p>What a refusal is about is told by the type of the error alone. Its reason repeats what
 * producers send (ids and values), so nothing may be concluded from it.
 *
 * <ul>
 *   <li>{@code document_parsing_exception}, before Elasticsearch 8.8 {@code
 *       mapper_parsing_exception}: the document. Broken JSON, a value that does not fit its field,
 *       a key with NUL, a term or a number that is too long: whatever the parsing of a document
 *       throws is wrapped into this one.
 *   <li>{@code illegal_argument_exception}: the document only when {@code
 *       max_bytes_length_exceeded_exception} caused it, which is how Lucene refuses a term that got
 *       past the parsing. Else it is a pipeline that is missing, an alias without an index to write
 *       to, a full index: set right by somebody, for all documents at once.
 *   <li>{@code strict_dynamic_mapping_exception}: an index that was not made by our template, which
 *       does not map dynamically. The next start deals with it ({@link
 *       IndexAdministration#install}).
 *   <li>{@code index_closed_exception}, {@code validation_exception} (no room for another index),
 *       {@code invalid_index_name_exception} and all others: not the document.
 * </ul>
 *
 * <p>Made by the connector inside tasks, by its name.
 */
public final class BulkRejections extends BulkWriteErrorHandler {
  static final String FOLDER = "folder";

  private static final int CONFLICT = 409;
  private static final int BAD_REQUEST = 400;
  private static final JsonMapper JSON = new JsonMapper();

  private static final Set<String> OF_THE_DOCUMENT =
      Set.of("document_parsing_exception", "mapper_parsing_exception");
  private static final String ILLEGAL_ARGUMENT = "illegal_argument_exception";
  private static final String TERM_TOO_LONG = "max_bytes_length_exceeded_exception";

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
    if (status != BAD_REQUEST || folder == null || !isAboutTheDocument(failure)) {
      return collector.pass("not a matter of the document's content");
    }
    Writer lines = open(folder);
    lines.write(line(failure));
    lines.write('\n');
    return HandlerResult.HANDLED;
  }

  private static boolean isAboutTheDocument(BulkWriteFailure failure) {
    Throwable refusal = failure.getException();
    String type = type(refusal);
    return OF_THE_DOCUMENT.contains(type)
        || (type.equals(ILLEGAL_ARGUMENT)
            && Throwables.getCausalChain(refusal).stream()
                .anyMatch(cause -> type(cause).equals(TERM_TOO_LONG)));
  }

  /** The type that Elasticsearch gives; empty when it gives none. */
  private static String type(Throwable refusal) {
    return refusal instanceof EsHadoopRemoteException remote
        ? Objects.requireNonNullElse(remote.getType(), "")
        : "";
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
