package io.tributary.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.jackson.Jackson;
import io.tributary.event.TypedField;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiConfigurationTest {
  private static final Path CONF = Path.of(System.getProperty("tributary.checkout", ".."), "conf");

  @TempDir Path folder = Path.of("");

  @Test
  void theReferenceFileSaysTheDefaults() throws Exception {
    assertThat(ours(read(CONF.resolve("api-reference.yml")))).isEqualTo(ours(read(write("{}"))));
  }

  @Test
  void theShippedFileSaysTheDefaults() throws Exception {
    assertThat(ours(read(CONF.resolve("api.yml")))).isEqualTo(ours(read(write("{}"))));
  }

  @Test
  void readsTypedFields() throws Exception {
    ApiConfiguration configuration =
        read(write("fields: [{name: amount, path: /sale/amount, type: long}]"));
    assertThat(configuration.typedFields())
        .containsExactly(new TypedField("amount", "/sale/amount", TypedField.Type.LONG));
  }

  @Test
  void keepsRecordsForeverWhenAskedTo() throws Exception {
    assertThat(read(write("topic: {retention: forever}")).topic().retentionMillis()).isEqualTo(-1);
    assertThat(read(write("topic: {retention: 2 days}")).topic().retentionMillis())
        .isEqualTo(172_800_000);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "kafkas: {}|Unrecognized field at: kafkas",
        "kafka: {bootstrap-server: 'x:1'}|Did you mean",
        "kafka: {bootstrap-servers: ''}|bootstrap-servers must not be blank",
        "topic: {partitions: 0}|partitions must be greater than or equal to 1",
        "topic: {retention: soon}|retention must be a duration",
        "topic: {name: 'a b'}|name must match",
        "elasticsearch: {urls: 'localhost:9200'}|urls must be http://host:port",
        "elasticsearch: {api-key: a, username: b}|either api-key or username",
        "collect: {max-bytes-in-flight: 1 MiB}|max-bytes-in-flight must be at least",
        "fields: [{name: A, path: a, type: long}]|Invalid field name: A",
        "fields: [{name: a, path: a, type: int}]|Invalid field type: int",
      })
  void saysWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> read(write(yaml))).hasMessageContaining(message);
  }

  @Test
  void showsNoSecret() throws Exception {
    String yaml =
        "elasticsearch: {username: u, password: secret-1}\n"
            + "kafka: {properties: {sasl.jaas.config: secret-1}}";
    assertThat(read(write(yaml)).elasticsearch().toString()).doesNotContain("secret-1");
    assertThat(read(write(yaml)).kafka().toString()).doesNotContain("secret-1");
  }

  private Path write(String yaml) throws Exception {
    return Files.writeString(folder.resolve("api.yml"), yaml);
  }

  private static ApiConfiguration read(Path file) throws Exception {
    return new DefaultConfigurationFactoryFactory<ApiConfiguration>()
        .create(
            ApiConfiguration.class,
            KebabCaseNames.validatorFactory().getValidator(),
            Jackson.newObjectMapper(),
            "dw")
        .build(
            new SubstitutingSourceProvider(
                new FileConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)),
            file.toString());
  }

  private static JsonNode ours(ApiConfiguration configuration) {
    ObjectMapper json = Jackson.newObjectMapper();
    return json.createObjectNode()
        .putPOJO("kafka", configuration.kafka().toString())
        .putPOJO("topic", configuration.topic().toString())
        .putPOJO("elasticsearch", configuration.elasticsearch().toString())
        .putPOJO("collect", configuration.collect().toString())
        .putPOJO("fields", configuration.fields().toString())
        .put("index-prefix", configuration.indexPrefix());
  }
}
