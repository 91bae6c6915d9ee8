package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.tributary.event.TypedField;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All settings of the API. Dropwizard's own ({@code server}, {@code logging}) are beside ours. */
public final class ApiConfiguration extends Configuration {
  @Valid private final KafkaConfiguration kafka;
  @Valid private final TopicConfiguration topic;
  @Valid private final ElasticsearchConfiguration elasticsearch;
  @Valid private final CollectConfiguration collect;
  @Valid private final List<FieldConfiguration> fields;
  private final String indexPrefix;

  /** Takes what the file says; what it leaves out gets its default. */
  @JsonCreator
  public ApiConfiguration(
      @JsonProperty("kafka") @Nullable KafkaConfiguration kafka,
      @JsonProperty("topic") @Nullable TopicConfiguration topic,
      @JsonProperty("elasticsearch") @Nullable ElasticsearchConfiguration elasticsearch,
      @JsonProperty("collect") @Nullable CollectConfiguration collect,
      @JsonProperty("fields") @Nullable List<FieldConfiguration> fields,
      @JsonProperty("index-prefix") @Nullable String indexPrefix) {
    this.kafka = kafka == null ? KafkaConfiguration.of(null, null, null) : kafka;
    this.topic = topic == null ? TopicConfiguration.of(null, null, null, null, null) : topic;
    this.elasticsearch =
        elasticsearch == null
            ? ElasticsearchConfiguration.of(null, null, null, null, null, null)
            : elasticsearch;
    this.collect = collect == null ? CollectConfiguration.of(null, null, null, null) : collect;
    this.fields = fields == null ? List.of() : List.copyOf(fields);
    this.indexPrefix = Objects.requireNonNullElse(indexPrefix, "");
  }

  /** How the broker is reached. */
  @JsonProperty("kafka")
  public KafkaConfiguration kafka() {
    return kafka;
  }

  /** The topic that events are appended to. */
  @JsonProperty("topic")
  public TopicConfiguration topic() {
    return topic;
  }

  /** How the index is reached. */
  @JsonProperty("elasticsearch")
  public ElasticsearchConfiguration elasticsearch() {
    return elasticsearch;
  }

  /** How much is taken in at once. */
  @JsonProperty("collect")
  public CollectConfiguration collect() {
    return collect;
  }

  /** The typed fields, as the file writes them. */
  @JsonProperty("fields")
  public List<FieldConfiguration> fields() {
    return fields;
  }

  /** What the names of all indices begin with; empty in production. */
  @JsonProperty("index-prefix")
  public String indexPrefix() {
    return indexPrefix;
  }

  /** The typed fields as the decoder takes them. */
  public List<TypedField> typedFields() {
    return fields.stream().map(FieldConfiguration::typedField).toList();
  }
}
