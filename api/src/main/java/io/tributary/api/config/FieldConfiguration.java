package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.event.TypedField;

/** One typed field as the file writes it. */
public record FieldConfiguration(@JsonIgnore TypedField typedField) {
  /** Throws {@link IllegalArgumentException}, whose message says which rule is broken. */
  @JsonCreator
  public static FieldConfiguration of(
      @JsonProperty(value = "name", required = true) String name,
      @JsonProperty(value = "path", required = true) String path,
      @JsonProperty(value = "type", required = true) String type) {
    return new FieldConfiguration(new TypedField(name, path, TypedField.Type.fromCode(type)));
  }
}
