package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.elasticsearch.hadoop.handler.HandlerResult;
import org.elasticsearch.hadoop.rest.ErrorExtractor;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteErrorCollector;
import org.elasticsearch.hadoop.rest.bulk.handler.BulkWriteFailure;
import org.elasticsearch.hadoop.util.BytesArray;
import org.elasticsearch.hadoop.util.EsMajorVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the errors of bulk items as Elasticsearch 8.19 words them. */
class BulkRejectionsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private Refusals refusals = new Refusals("", new Configuration());

  @BeforeEach
  void folder(@TempDir Path folder) {
    refusals = new Refusals("file://" + folder.resolve("refusals"), new Configuration());
  }

  private HandlerResult answer(int status, String error) throws Exception {
    BulkRejections rejections = new BulkRejections();
    Properties properties = new Properties();
    properties.setProperty(
        BulkRejections.FOLDER, List.copyOf(refusals.connectorOptions().values()).get(0));
    rejections.init(properties);
    HandlerResult result =
        rejections.onError(
            new BulkWriteFailure(
                status,
                new ErrorExtractor(EsMajorVersion.V_8_X)
                    .extractError(Map.of("error", JSON.readValue(error, Map.class))),
                new BytesArray(
                    "{\"create\":{\"_id\":\"a\"}}\n{\"event_id\":\"a\"}\n"
                        .getBytes(StandardCharsets.UTF_8)),
                1,
                List.of()),
            new BulkWriteErrorCollector());
    rejections.close();
    return result;
  }

  private static String error(String type, String reason) {
    return JSON.createObjectNode().put("type", type).put("reason", reason).toString();
  }

  private static String error(String type, String reason, String causeType) {
    return JSON.createObjectNode()
        .put("type", type)
        .put("reason", reason)
        .set("caused_by", JSON.createObjectNode().put("type", causeType).put("reason", "the cause"))
        .toString();
  }

  @Test
  void a_document_that_is_there_already_is_what_was_asked_for() throws Exception {
    assertThat(answer(409, error("version_conflict_engine_exception", "[a]: version conflict")))
        .isEqualTo(HandlerResult.HANDLED);
    assertThat(refusals.read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"document_parsing_exception", "mapper_parsing_exception"})
  void a_document_that_cannot_be_parsed_is_written_down(String type) throws Exception {
    assertThat(answer(400, error(type, "failed to parse", "illegal_argument_exception")))
        .isEqualTo(HandlerResult.HANDLED);
    assertThat(refusals.read())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.document().path("event_id").asText()).isEqualTo("a");
              assertThat(refusal.reason()).isEqualTo("failed to parse");
            });
  }

  @Test
  void a_term_that_is_too_long_is_the_document_s() throws Exception {
    assertThat(
            answer(
                400,
                error(
                    "illegal_argument_exception",
                    "Document contains at least one immense term in field=\"event_type\"",
                    "max_bytes_length_exceeded_exception")))
        .isEqualTo(HandlerResult.HANDLED);
    assertThat(refusals.read()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Validation Failed",
        "validation_exception",
        "cluster_block_exception",
        "index_closed_exception: closed"
      })
  void what_a_producer_names_an_event_says_nothing_about_the_cluster(String id) throws Exception {
    assertThat(
            answer(
                400,
                error(
                    "document_parsing_exception",
                    "[1:7] failed to parse field [params] of type [flattened] in document with id '%s'. Preview of field's value: 'text'"
                        .formatted(id))))
        .isEqualTo(HandlerResult.HANDLED);
    assertThat(refusals.read()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index_closed_exception           | closed
          validation_exception             | Validation Failed: 1: this action would add [2] shards, but this cluster currently has [1]/[1] maximum normal shards open;
          invalid_index_name_exception     | Invalid index name [X_Bad], must be lowercase
          strict_dynamic_mapping_exception | [1:6] mapping set to strict, dynamic introduction of [n] within [_doc] is not allowed
          illegal_argument_exception       | pipeline with id [missing] does not exist
          illegal_argument_exception       | no write index is defined for alias [events-2016.06.10]
          illegal_argument_exception       | number of documents in the index cannot exceed 2147483519
          a_type_that_is_not_known_yet     | failed to parse field [params] of type [flattened]
          """)
  void what_is_not_about_the_document_fails_the_batch(String type, String reason) throws Exception {
    assertThat(answer(400, error(type, reason))).isEqualTo(HandlerResult.PASS);
    assertThat(refusals.read()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "403, cluster_block_exception",
    "404, index_not_found_exception",
    "429, cluster_block_exception",
    "500, document_parsing_exception",
    "503, unavailable_shards_exception"
  })
  void another_status_than_400_fails_the_batch(int status, String type) throws Exception {
    assertThat(answer(status, error(type, "failed to parse"))).isEqualTo(HandlerResult.PASS);
    assertThat(refusals.read()).isEmpty();
  }

  @Test
  void an_error_without_a_type_fails_the_batch() throws Exception {
    assertThat(answer(400, "{\"reason\":\"document_parsing_exception\"}"))
        .isEqualTo(HandlerResult.PASS);
    assertThat(refusals.read()).isEmpty();
  }
}
