package io.tributary.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentedFieldsTest {
  private static final DocumentedFields FIELDS =
      new DocumentedFields(
          List.of(
              new TypedField("name", "/a", TypedField.Type.STRING),
              new TypedField("amount", "/b", TypedField.Type.DOUBLE),
              new TypedField("at", "/c", TypedField.Type.TIMESTAMP),
              new TypedField("place", "/d", TypedField.Type.GEO_POINT)));

  private static String of(String document) {
    return FIELDS.spelled(document.getBytes(StandardCharsets.UTF_8));
  }

  private static String of(@Nullable Object... values) {
    return FIELDS.spelled(values);
  }

  @Test
  void a_document_with_the_values_of_a_row_is_spelled_as_they_are() {
    assertThat(
            of(
                "{\"name\":\"x\",\"amount\":1.5E1,\"at\":\"1970-01-01T00:00:00.000001Z\",\"place\":{\"lat\":1.0,\"lon\":2.0},\"other\":1}"))
        .isEqualTo(of("x", 15.0, 1L, new GeoPoint(1, 2)));
    assertThat(of("{\"amount\":null}")).isEqualTo(of(null, null, null, null));
  }

  @Test
  void a_field_of_another_value_or_of_none_is_spelled_otherwise() {
    String row = of("x", null, null, null);
    assertThat(of("{\"name\":\"x\"}")).isEqualTo(row);
    assertThat(of("{\"name\":\"y\"}")).isNotEqualTo(row);
    assertThat(of("{}")).isNotEqualTo(row);
    assertThat(of("{\"name\":\"x\",\"amount\":\"much\"}")).isNotEqualTo(row);
    assertThat(of("{\"name\":\"x,amount:=1.0\"}")).isNotEqualTo(of("x", 1.0, null, null));
  }
}
