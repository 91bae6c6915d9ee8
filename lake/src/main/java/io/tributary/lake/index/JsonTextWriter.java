package io.tributary.lake.index;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.elasticsearch.hadoop.serialization.Generator;
import org.elasticsearch.hadoop.serialization.builder.ValueWriter;

/**
 * Puts a document that is JSON text into a bulk request as it is. Its bytes go beside the
 * connector's generator, which cannot write a pair of surrogates that lies across its buffer's end.
 *
 * <p>Made by the connector inside tasks, by its name.
 */
public final class JsonTextWriter implements ValueWriter<String> {
  /** The connector makes writers by reflection. */
  public JsonTextWriter() {}

  @Override
  public Result write(String document, Generator generator) {
    generator.flush();
    try {
      ((OutputStream) generator.getOutputTarget()).write(document.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot put a document into a bulk request", e);
    }
    return Result.SUCCESFUL();
  }
}
