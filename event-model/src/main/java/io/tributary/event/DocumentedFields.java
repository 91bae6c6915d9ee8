package io.tributary.event;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The typed fields that a document of the index holds, spelled so that equal spellings mean equal
 * values. Thread-safe and serializable: tasks carry it.
 */
public final class DocumentedFields implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<String> names;

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<FieldReader> readers;

  public DocumentedFields(List<TypedField> fields) {
    this.names = fields.stream().map(TypedField::name).toList();
    this.readers = fields.stream().map(FieldReader::new).toList();
  }

  /**
   * The fields of a document.
   *
   * @param document JSON text in UTF-8, an object
   */
  public String spelled(byte[] document) {
    JsonDocument read = JsonDocument.read(document);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      JsonValue value =
          read.root() instanceof JsonValue.Members members ? members.find(names.get(i)) : null;
      if (value == null || value == JsonValue.Literal.NULL) {
        continue;
      }
      Object typed = readers.get(i).convert(value);
      if (typed == null) {
        // Of no type that it could have: equal to nothing that a row says.
        append(out, names.get(i), "?");
      } else {
        append(out, names.get(i), "=" + typed);
      }
    }
    return out.toString();
  }

  /**
   * The same of values, in the order of the fields, as {@link TypedValues} gives them; a null is a
   * field that the document does not have.
   */
  public String spelled(@Nullable Object[] values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      Object value = values[i];
      if (value != null) {
        append(out, names.get(i), "=" + value);
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, String name, String value) {
    CanonicalJson.appendString(out, name);
    out.append(':');
    CanonicalJson.appendString(out, value);
    out.append(',');
  }
}
