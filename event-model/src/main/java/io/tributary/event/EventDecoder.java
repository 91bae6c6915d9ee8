package io.tributary.event;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes and validates one record. Thread-safe and serializable: tasks carry it. */
public final class EventDecoder implements Serializable {
  /** The largest value that can be an event, in bytes as received. */
  public static final int MAX_VALUE_BYTES = 1_048_576;

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<TypedField> fields;

  /** A decoder that reads these typed fields. */
  public EventDecoder(List<TypedField> fields) {
    this.fields = List.copyOf(fields);
  }

  /** Never throws for any bytes: what is not an event comes back as {@link Decoded.Rejected}. */
  public Decoded decode(byte @Nullable [] value, Provenance provenance) {
    throw new UnsupportedOperationException(fields.toString());
  }
}
