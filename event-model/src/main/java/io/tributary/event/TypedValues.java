package io.tributary.event;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the typed fields of stored {@code params}, as the decoder does of a record. Thread-safe and
 * serializable: tasks carry it.
 */
public final class TypedValues implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<FieldReader> fields;

  public TypedValues(List<TypedField> fields) {
    this.fields = fields.stream().map(FieldReader::new).toList();
  }

  /**
   * The values in the order of the fields, as {@link Decoded.Accepted#typedValues} has them.
   *
   * @param params the canonical JSON text of an object; null when the event has none
   * @throws IllegalArgumentException when the text is no JSON object
   */
  public @Nullable Object[] of(@Nullable String params) {
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    if (fields.isEmpty() || params == null) {
      return values;
    }
    JsonDocument document = JsonDocument.read(params.getBytes(StandardCharsets.UTF_8));
    if (!(document.root() instanceof JsonValue.Members members) || document.problem() != null) {
      throw new IllegalArgumentException(
          "Cannot read the typed fields of stored params: %s".formatted(document.detail()));
    }
    for (int i = 0; i < values.length; i++) {
      FieldReader field = fields.get(i);
      JsonValue value = field.find(members);
      values[i] = value == null ? null : field.convert(value);
    }
    return values;
  }
}
