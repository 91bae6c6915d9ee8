package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.TypedField;
import io.tributary.lake.config.ByteSize;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@DisplayName("A start gets along with the indices that it finds")
class IndexAdministrationIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final TypedField PLAN = new TypedField("plan", "plan", TypedField.Type.STRING);
  private static final TypedField OTHER_PLAN =
      new TypedField("plan", "plan", TypedField.Type.DOUBLE);

  private String server = "";
  private String prefix = "";
  private IndexAdministration administration = administration("http://127.0.0.1:1", "");

  private static IndexAdministration administration(String server, String prefix) {
    return new IndexAdministration(
        new ElasticsearchSettings(
            server, prefix, 1, 0, Duration.ofSeconds(1), 100, new ByteSize(1_000_000), Map.of()));
  }

  /** Of ours, as Elasticsearch maps them without our template: texts where we want keywords. */
  private static final String EVENT =
      "{\"event_id\":\"a\",\"event_type\":\"t\",\"ts\":\"x\",\"d0\":1,\"d1\":1,\"d2\":1,\"params\":{\"a\":1}}";

  private static final String COUNT =
      "{\"window_start\":\"x\",\"event_type\":\"t\",\"count\":1,\"events_version\":1}";

  @BeforeEach
  void connect(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    server = SharedLocalStack.running().elasticsearch();
    prefix = name.substring(0, Math.min(40, name.length())) + "-";
    administration = administration(server, prefix);
  }

  @AfterEach
  void close() throws IOException {
    administration.close();
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    return JSON.readTree(
        CLIENT
            .send(
                HttpRequest.newBuilder(URI.create(server + path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private String index(String name) {
    return prefix + name;
  }

  private void make(String... names) throws Exception {
    for (String name : names) {
      assertThat(send("PUT", "/" + index(name), "").path("acknowledged").asBoolean())
          .as(name)
          .isTrue();
    }
  }

  /** Makes an index as Elasticsearch does of a document, when there is no template. */
  private void makeOfDocument(String name, String document) throws Exception {
    send("DELETE", "/_index_template/" + prefix + "*", "");
    send("PUT", "/%s/_doc/foreign?refresh=true".formatted(index(name)), document);
  }

  private void set(String name, String setting) throws Exception {
    assertThat(
            send("PUT", "/%s/_settings".formatted(index(name)), "{%s}".formatted(setting))
                .path("acknowledged")
                .asBoolean())
        .isTrue();
  }

  private JsonNode mappings(String name) throws Exception {
    return send("GET", "/" + index(name), "").path(index(name)).path("mappings");
  }

  private boolean hasPlan(String name) throws Exception {
    return mappings(name).path("properties").has("plan");
  }

  @Test
  void an_index_that_is_there_gets_the_fields_configured_since() throws Exception {
    administration.install(List.of(), List.of());
    make("events-2016.06.10", "event-counts-2016.06");

    assertThat(administration.install(List.of(PLAN), List.of("plan"))).isEmpty();

    assertThat(hasPlan("events-2016.06.10")).isTrue();
    assertThat(hasPlan("event-counts-2016.06")).isTrue();
  }

  @Test
  void old_indices_that_nobody_may_change_are_in_the_way_of_no_other() throws Exception {
    administration.install(List.of(), List.of());
    make(
        "events-2016.06.10",
        "events-2016.06.11",
        "events-2016.06.12",
        "events-2016.06.13",
        "event-counts-2016.06");
    set("events-2016.06.10", "\"index.blocks.read_only\":true");
    set("events-2016.06.11", "\"index.blocks.metadata\":true");
    send("POST", "/%s/_close".formatted(index("events-2016.06.12")), "");
    set("event-counts-2016.06", "\"index.blocks.metadata\":true");
    try {
      assertThat(administration.install(List.of(PLAN), List.of())).isEmpty();
      administration.installEvents(List.of(PLAN));

      assertThat(hasPlan("events-2016.06.13")).isTrue();
      assertThat(hasPlan("events-2016.06.10")).isFalse();
    } finally {
      set("events-2016.06.10", "\"index.blocks.read_only\":null");
      set("events-2016.06.11", "\"index.blocks.metadata\":null");
      send("POST", "/%s/_open".formatted(index("events-2016.06.12")), "");
      set("event-counts-2016.06", "\"index.blocks.metadata\":null");
    }
    assertThat(hasPlan("events-2016.06.11")).isFalse();
    assertThat(hasPlan("events-2016.06.12")).isFalse();

    administration.install(List.of(PLAN), List.of());

    assertThat(hasPlan("events-2016.06.10")).isTrue();
    assertThat(hasPlan("events-2016.06.11")).isTrue();
    assertThat(hasPlan("events-2016.06.12")).isTrue();
  }

  @Test
  void a_day_made_of_a_document_is_named_and_deleted_when_told() throws Exception {
    administration.install(List.of(), List.of());
    make("events-2016.06.10");
    administration.status().put(IndexPosition.DOCUMENT_ID, "{\"offsets\":[]}");
    makeOfDocument("events-2016.06.11", EVENT);
    assertThat(administration.foreignEvents(List.of()))
        .containsExactly(Map.entry(index("events-2016.06.11"), "it maps fields dynamically"));

    Map<LocalDate, String> days = administration.install(List.of(), List.of());

    assertThat(days).containsOnlyKeys(LocalDate.parse("2016-06-11"));
    assertThat(mappings("events-2016.06.11").path("properties").has("ts")).isTrue();
    administration.dropEvents(days);
    assertThat(mappings("events-2016.06.11").isMissingNode()).isTrue();
    assertThat(mappings("events-2016.06.10").path("dynamic").asText()).isEqualTo("false");
    assertThat(administration.status().source(IndexPosition.DOCUMENT_ID)).isPresent();
    assertThat(administration.install(List.of(), List.of())).isEmpty();
  }

  @Test
  void counts_made_of_a_document_are_deleted_with_what_says_that_they_are_copied()
      throws Exception {
    administration.install(List.of(), List.of());
    administration.status().put(CountsIndex.STATUS_DOCUMENT_ID, "{\"events_version\":7}");
    administration.status().put("lake", "{\"state\":\"running\"}");
    makeOfDocument("event-counts-2016.06", COUNT);

    assertThat(administration.install(List.of(), List.of())).isEmpty();

    assertThat(mappings("event-counts-2016.06").isMissingNode()).isTrue();
    assertThat(administration.status().source(CountsIndex.STATUS_DOCUMENT_ID)).isEmpty();
    assertThat(administration.status().source("lake")).isPresent();
  }

  @Test
  void an_index_of_counts_that_hides_its_metadata_is_there_and_hides_no_other() throws Exception {
    administration.install(List.of(), List.of());
    make("event-counts-2016.06", "event-counts-2016.07", "event-counts-of-others");
    Map<String, String> ids = administration.countsIndices();
    assertThat(ids)
        .containsOnlyKeys(index("event-counts-2016.06"), index("event-counts-2016.07"))
        .containsEntry(index("event-counts-2016.07"), id("event-counts-2016.07"));
    set("event-counts-2016.06", "\"index.blocks.metadata\":true");
    try {
      assertThat(administration.countsIndices())
          .containsExactly(
              Map.entry(index("event-counts-2016.06"), ""),
              Map.entry(index("event-counts-2016.07"), id("event-counts-2016.07")));
      // Why it may count as the one it was.
      assertThat(
              send("DELETE", "/" + index("event-counts-2016.06"), "")
                  .path("error")
                  .path("type")
                  .asText())
          .isEqualTo("cluster_block_exception");
    } finally {
      set("event-counts-2016.06", "\"index.blocks.metadata\":null");
    }
    assertThat(administration.countsIndices()).isEqualTo(ids);
  }

  private String id(String name) throws Exception {
    return send("GET", "/%s/_settings".formatted(index(name)), "")
        .path(index(name))
        .path("settings")
        .path("index")
        .path("uuid")
        .asText();
  }

  @Test
  void a_name_that_is_no_day_is_left_alone_like_those_of_others() throws Exception {
    makeOfDocument("events-2016.06.31", EVENT);
    makeOfDocument("events-+10000.01.01", EVENT);

    assertThat(administration.install(List.of(PLAN), List.of())).isEmpty();

    assertThat(administration.foreignEvents(List.of(PLAN))).isEmpty();
    assertThat(hasPlan("events-2016.06.31")).isFalse();
  }

  @Test
  void a_status_index_made_of_a_document_is_made_again_and_keeps_the_position() throws Exception {
    makeOfDocument("tributary-status", "{\"state\":{\"a\":1}}");
    administration.status().put(IndexPosition.DOCUMENT_ID, "{\"offsets\":[],\"owed\":[]}");

    assertThat(administration.install(List.of(), List.of())).isEmpty();

    assertThat(mappings("tributary-status").path("dynamic").asText()).isEqualTo("false");
    assertThat(administration.status().source(IndexPosition.DOCUMENT_ID))
        .hasValueSatisfying(
            position -> assertThat(position).hasToString("{\"offsets\":[],\"owed\":[]}"));
    assertThat(administration.status().source("foreign")).isEmpty();
  }

  @Test
  void an_index_made_of_a_document_that_is_read_only_is_left_with_the_position() throws Exception {
    administration.install(List.of(), List.of());
    administration.status().put(IndexPosition.DOCUMENT_ID, "{\"offsets\":[]}");
    makeOfDocument("events-2016.06.10", EVENT);
    set("events-2016.06.10", "\"index.blocks.read_only\":true");
    try {
      assertThat(administration.install(List.of(), List.of())).isEmpty();

      assertThat(administration.status().source(IndexPosition.DOCUMENT_ID)).isPresent();
    } finally {
      set("events-2016.06.10", "\"index.blocks.read_only\":null");
    }
  }

  @Test
  void nothing_is_deleted_that_would_be_made_as_wrong_again() throws Exception {
    makeOfDocument("events-2016.06.10", EVENT);
    String template = "/_index_template/%sof-others".formatted(prefix);
    send(
        "PUT",
        template,
        "{\"index_patterns\":[\"%sevents-*\"],\"priority\":900}".formatted(prefix));
    administration.status().put(IndexPosition.DOCUMENT_ID, "{\"offsets\":[]}");

    assertThatThrownBy(() -> administration.install(List.of(), List.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot make index %s again: another template than ours applies to it (it maps fields dynamically). Delete that template, or give it a priority below 500."
                .formatted(index("events-2016.06.10")));
    assertThat(mappings("events-2016.06.10").path("properties").has("ts")).isTrue();
    assertThat(administration.status().source(IndexPosition.DOCUMENT_ID)).isPresent();

    send("DELETE", template, "");
    assertThat(administration.install(List.of(), List.of()))
        .containsOnlyKeys(LocalDate.parse("2016-06-10"));
  }

  @Test
  void indices_of_others_under_our_pattern_are_left_alone() throws Exception {
    makeOfDocument("events-app-2016.06.10", "{\"ts\":\"x\"}");
    makeOfDocument("event-counts-of-others", "{\"count\":\"x\"}");

    assertThat(administration.install(List.of(PLAN), List.of())).isEmpty();
    administration.deleteCounts();

    assertThat(mappings("events-app-2016.06.10").path("properties").has("ts")).isTrue();
    assertThat(hasPlan("events-app-2016.06.10")).isFalse();
    assertThat(mappings("event-counts-of-others").path("properties").has("count")).isTrue();
  }

  @Test
  void documents_of_others_under_a_name_like_ours_are_never_deleted() throws Exception {
    makeOfDocument("events-2016.06.10", "{\"message\":\"of somebody else\",\"ts\":\"x\"}");
    makeOfDocument("event-counts-2016.06", "{\"count\":3}");

    assertThatThrownBy(() -> administration.install(List.of(), List.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot use index %s: it holds documents of somebody else (it has no fields d0, d1, d2, event_id, event_type, ts). Give this job another index.prefix, or that index another name."
                .formatted(index("events-2016.06.10")));
    administration.deleteCounts();

    assertThat(mappings("events-2016.06.10").path("properties").has("message")).isTrue();
    assertThat(mappings("event-counts-2016.06").path("properties").has("count")).isTrue();
  }

  @Test
  void an_index_that_only_maps_dynamically_is_told_not_to() throws Exception {
    administration.install(List.of(), List.of());
    make("events-2016.06.10");
    send("PUT", "/%s/_mapping".formatted(index("events-2016.06.10")), "{\"dynamic\":true}");
    send("DELETE", "/_index_template/" + prefix + "*", "");
    make("events-2016.06.11");

    assertThat(administration.install(List.of(PLAN), List.of())).isEmpty();

    for (String day : List.of("events-2016.06.10", "events-2016.06.11")) {
      assertThat(mappings(day).path("dynamic").asText()).as(day).isEqualTo("false");
      assertThat(hasPlan(day)).as(day).isTrue();
      assertThat(mappings(day).path("properties").path("params").path("type").asText())
          .isEqualTo("flattened");
    }
  }

  @Test
  void a_typed_field_whose_type_was_changed_is_refused_with_its_name() throws Exception {
    administration.install(List.of(PLAN), List.of());
    make("events-2016.06.10");

    assertThatThrownBy(() -> administration.install(List.of(OTHER_PLAN), List.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot use index %s: field plan is of type keyword, not double. Give the typed field another name."
                .formatted(index("events-2016.06.10")));
    assertThat(mappings("events-2016.06.10").path("dynamic").asText()).isEqualTo("false");
  }

  @Test
  void a_job_that_writes_events_alone_deletes_nothing_and_says_which_index_is_foreign()
      throws Exception {
    makeOfDocument("events-2016.06.10", EVENT);

    assertThatThrownBy(() -> administration.installEvents(List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "Cannot use index %s: it was not made by our template"
                .formatted(index("events-2016.06.10")));
    assertThat(mappings("events-2016.06.10").path("properties").has("ts")).isTrue();
  }
}
