package io.tributary.api.elastic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.tributary.event.TypedField;
import java.util.List;

/** How Elasticsearch's answers are read. */
public final class IndexAnswers {
  private IndexAnswers() {}

  /** A mapper that knows event documents; an event's own limits are the only ones. */
  public static ObjectMapper mapper(List<TypedField> fields) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();
    return new ObjectMapper(factory)
        .registerModule(
            new SimpleModule()
                .addDeserializer(IndexedEvent.class, new IndexedEvent.Deserializer(fields)));
  }
}
