package io.tributary.layout;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The document of an event in the index. */
public final class IndexDocument {
  private IndexDocument() {}

  /** The document as JSON text on one line. */
  public static String json(
      Event event,
      long digest,
      List<TypedField> fields,
      @Nullable Object[] typedValues,
      Provenance.Kafka kafka) {
    throw new UnsupportedOperationException();
  }
}
