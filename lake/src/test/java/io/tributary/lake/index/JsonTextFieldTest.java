package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.elasticsearch.hadoop.cfg.PropertiesSettings;
import org.elasticsearch.hadoop.serialization.field.ConstantFieldExtractor;
import org.elasticsearch.hadoop.serialization.field.FieldExtractor;
import org.junit.jupiter.api.Test;

class JsonTextFieldTest {
  private static Object find(String field, String document) {
    JsonTextField found = new JsonTextField();
    PropertiesSettings settings = new PropertiesSettings();
    settings.setProperty(ConstantFieldExtractor.PROPERTY, field);
    found.setSettings(settings);
    return found.field(document);
  }

  @Test
  void finds_a_field_of_the_top_level_only() {
    String document = "{\"a\":{\"id\":\"inner\"},\"id\":\"p-\\\"\\u0041\",\"n\":7}";

    assertThat(find("id", document)).isEqualTo("p-\"A");
    assertThat(find("n", document)).isEqualTo(7L);
    assertThat(find("none", document)).isSameAs(FieldExtractor.NOT_FOUND);
  }

  @Test
  void reads_no_further_than_it_must() {
    assertThat(find("id", "{\"id\":\"x\",\"rest\":no json")).isEqualTo("x");
    assertThatThrownBy(() -> find("rest", "{\"id\":\"x\",no json"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot find rest in a document");
  }

  @Test
  void long_names_and_numbers_are_not_in_the_way() {
    String document =
        "{\"%s\":%s,\"id\":\"x\"}".formatted("k".repeat(500_000), "1".repeat(500_000));

    assertThat(find("id", document)).isEqualTo("x");
  }
}
