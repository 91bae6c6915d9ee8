package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.TypedField;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class WantedMappingTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final WantedMapping WANTED =
      WantedMapping.of(
          """
          {"dynamic": false, "properties": {
            "ts": {"type": "date"}, "params": {"type": "flattened"}, "plan": {"type": "keyword"}}}
          """,
          List.of("plan"));

  private static JsonNode mappings(String json) throws JsonProcessingException {
    return JSON.readTree(json);
  }

  @Test
  void an_index_made_now_is_as_wanted() throws Exception {
    JsonNode made =
        mappings(
            """
            {"dynamic": "false", "properties": {
              "ts": {"type": "date", "format": "strict_date_optional_time"},
              "params": {"type": "flattened"}, "plan": {"type": "keyword"}}}
            """);

    assertThat(WANTED.isFulfilledBy(made)).isTrue();
    assertThat(WANTED.missing(made)).isEmpty();
  }

  @Test
  void fields_configured_since_are_missing_and_nothing_else_is_wrong() throws Exception {
    JsonNode older =
        mappings(
            """
            {"dynamic": "false", "properties": {
              "ts": {"type": "date"}, "params": {"type": "flattened"}, "old": {"type": "long"}}}
            """);

    assertThat(WANTED.contradiction(older)).isEmpty();
    assertThat(WANTED.conflict(older)).isEmpty();
    assertThat(WANTED.missing(older))
        .hasValue("{\"properties\":{\"plan\":{\"type\":\"keyword\"}}}");
    assertThat(WANTED.isFulfilledBy(older)).isFalse();
  }

  @Test
  void an_index_that_maps_dynamically_is_not_ours() throws Exception {
    assertThat(WANTED.contradiction(mappings("{}"))).hasValue("it maps fields dynamically");
    assertThat(WANTED.contradiction(mappings("{\"dynamic\": \"strict\"}")))
        .hasValue("it maps fields dynamically");
  }

  @Test
  void a_built_in_field_of_another_type_is_not_ours() throws Exception {
    assertThat(
            WANTED.contradiction(
                mappings(
                    "{\"dynamic\": \"false\", \"properties\": {\"params\": {\"properties\": {}}}}")))
        .hasValue("field params is of type object, not flattened");
  }

  @Test
  void a_configured_field_of_another_type_is_a_matter_of_the_configuration() throws Exception {
    JsonNode other =
        mappings("{\"dynamic\": \"false\", \"properties\": {\"plan\": {\"type\": \"long\"}}}");

    assertThat(WANTED.contradiction(other)).isEmpty();
    assertThat(WANTED.conflict(other)).hasValue("field plan is of type long, not keyword");
  }

  @Test
  void reads_the_mappings_of_our_templates() throws Exception {
    IndexLayout layout = new IndexLayout();
    WantedMapping events =
        WantedMapping.of(
            layout.eventsMappings(
                List.of(new TypedField("amount", "amount", TypedField.Type.LONG))),
            List.of("amount"));
    WantedMapping counts =
        WantedMapping.ofTemplate(
            layout.countsTemplate(List.of("plan"), new IndexSettings(1, 0, "1s")), List.of("plan"));

    assertThat(events.properties().path("params").path("type").asText()).isEqualTo("flattened");
    assertThat(events.properties().has("amount")).isTrue();
    assertThat(counts.properties().path("window_start").path("type").asText()).isEqualTo("date");
    assertThat(counts.properties().has("plan")).isTrue();
  }
}
