package io.tributary.lake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.event.TypedField;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
  enum Mode {
    FAST_AND_LOOSE,
    EXACT
  }

  record Section(String path, long limit) {
    Section {
      if (limit < 1) {
        throw new IllegalArgumentException("limit must be at least 1");
      }
    }
  }

  record Sample(
      String name,
      Duration waitAtMost,
      ByteSize size,
      int count,
      Mode mode,
      Section section,
      List<TypedField> fields,
      Map<String, String> options) {}

  private final ConfigurationReader<Sample> reader = reader(Map.of("SAMPLE_PATH", "/somewhere"));

  private static ConfigurationReader<Sample> reader(Map<String, String> environment) {
    return ConfigurationReader.of(Sample.class, "sample.yml", environment);
  }

  private List<String> problems(String yaml) {
    return problems(reader, yaml);
  }

  private static List<String> problems(ConfigurationReader<Sample> reader, String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> reader.readText(yaml))
        .problems();
  }

  @Test
  void gives_the_defaults_of_the_reference_file() throws Exception {
    assertThat(reader.defaults())
        .isEqualTo(
            new Sample(
                "nobody",
                Duration.ofSeconds(10),
                new ByteSize(5 << 20),
                3,
                Mode.FAST_AND_LOOSE,
                new Section("/somewhere", 7),
                List.of(),
                Map.of()));
  }

  @Test
  void an_empty_file_changes_nothing() throws Exception {
    assertThat(reader.readText("")).isEqualTo(reader.defaults());
    assertThat(reader.readText("# only a comment\n")).isEqualTo(reader.defaults());
  }

  @Test
  void a_file_overlays_only_the_keys_that_it_holds() throws Exception {
    Sample read = reader.readText("section: {limit: 9}\nmode: exact\n");

    assertThat(read.section()).isEqualTo(new Section("/somewhere", 9));
    assertThat(read.mode()).isEqualTo(Mode.EXACT);
    assertThat(read.count()).isEqualTo(3);
  }

  @Test
  void a_key_without_a_value_keeps_the_default() throws Exception {
    assertThat(reader.readText("section:\ncount:\n")).isEqualTo(reader.defaults());
    assertThat(reader.readText("name: \"\"").name()).isEmpty();
  }

  @Test
  void fills_in_the_environment_and_falls_back_to_the_default_behind_the_dash() throws Exception {
    Map<String, String> environment = Map.of("SAMPLE_PATH", "/here", "SAMPLE_NAME", "somebody");

    assertThat(reader(environment).defaults().name()).isEqualTo("somebody");
    assertThat(reader(environment).defaults().section().path()).isEqualTo("/here");
    assertThat(reader.readText("name: \"${NOT_SET:-}\"").name()).isEmpty();
    assertThat(reader.readText("count: \"${NOT_SET:-12}\"").count()).isEqualTo(12);
  }

  @Test
  void names_a_variable_that_is_missing() {
    assertThat(problems(reader(Map.of()), ""))
        .containsExactly(
            "section.path: ${SAMPLE_PATH} names an environment variable that is not set");
  }

  @Test
  void lists_every_problem_at_once() {
    assertThat(
            problems(
                """
                nmae: x
                wait-at-most: soon
                size: huge
                count: 1.5
                mode: slow
                section: {limit: 0, paht: /x}
                fields: {name: a}
                """))
        .containsExactlyInAnyOrder(
            "unknown key nmae. Did you mean name?",
            "unknown key section.paht. Did you mean section.path?",
            "wait-at-most: soon (must be a duration such as 500ms, 10s, 5m, 2h or 7d)",
            "size: huge (must be a size such as 64KiB, 5MiB or 1048576)",
            "count: 1.5 (must be a whole number below 2147483648)",
            "mode: slow (must be one of fast-and-loose, exact)",
            "section: limit must be at least 1",
            "fields must be a list");
  }

  @Test
  void the_message_counts_the_problems_and_names_the_source() {
    assertThatThrownBy(() -> reader.readText("count: many\nmode: slow\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "Cannot use the configuration (text): 2 problems.",
            "  - count: many",
            "  - mode: slow");
  }

  @Test
  void an_unknown_key_unlike_any_other_lists_those_that_there_are() {
    assertThat(problems("section: {altogether-different: 1}"))
        .containsExactly("unknown key section.altogether-different. Known here: path, limit");
  }

  @Test
  void a_section_must_hold_keys_and_a_value_must_be_single() {
    assertThat(problems("section: 5\ncount: [1]\n"))
        .containsExactlyInAnyOrder(
            "section must hold keys and values", "count must be a single value");
  }

  @Test
  void a_file_that_holds_no_keys_is_refused() {
    assertThat(problems("- 1\n- 2\n")).containsExactly("the file must hold keys and values");
  }

  @Test
  void broken_yaml_is_refused() {
    assertThat(problems("name: [unclosed")).singleElement().asString().contains("not valid YAML");
  }

  @Test
  void a_missing_file_is_named(@TempDir Path folder) {
    Path file = folder.resolve("absent.yml");

    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            file.toString(), "1 problem.", "the file is not there or not readable");
  }

  @Test
  void reads_a_file(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("some.yml"), "name: by file\n");

    assertThat(reader.read(file).name()).isEqualTo("by file");
  }

  @Test
  void a_section_without_keys_in_the_reference_takes_any_options() throws Exception {
    Sample read =
        reader.readText("options: {kafka.security.protocol: SSL, retries: 5, \"a.b\": true}");

    assertThat(read.options())
        .isEqualTo(Map.of("kafka.security.protocol", "SSL", "retries", "5", "a.b", "true"));
  }

  @Test
  void an_option_must_be_a_single_value() {
    assertThat(problems("options: {nested: {a: 1}}"))
        .containsExactly("options.nested must be a single value");
  }

  @Test
  void reads_a_list_of_typed_fields() throws Exception {
    Sample read =
        reader.readText(
            """
            fields:
              - {name: amount, path: /sale/amount, type: long}
              - {name: place, path: place, type: geo_point}
            """);

    assertThat(read.fields())
        .containsExactly(
            new TypedField("amount", "/sale/amount", TypedField.Type.LONG),
            new TypedField("place", "place", TypedField.Type.GEO_POINT));
  }

  @Test
  void says_which_typed_field_is_wrong() {
    assertThat(
            problems(
                """
                fields:
                  - {name: fine, path: fine, type: long}
                  - {name: Not Fine, path: x, type: long}
                  - {name: other, path: x, type: integer}
                  - {name: short, type: string}
                """))
        .hasSize(3)
        .anySatisfy(problem -> assertThat(problem).startsWith("fields[1]").contains("Not Fine"))
        .anySatisfy(problem -> assertThat(problem).startsWith("fields[2].type: integer"))
        .contains("fields[3].path is missing");
  }

  @Test
  void an_unknown_key_of_a_list_entry_is_refused() {
    assertThat(problems("fields: [{name: a, path: a, type: long, tpye: string}]"))
        .containsExactly("unknown key fields[0].tpye. Did you mean fields[0].type?");
  }

  @ParameterizedTest
  @CsvSource({"0ms,PT0S", "500ms,PT0.5S", "10s,PT10S", "5 m,PT5M", "2h,PT2H", "7d,PT168H"})
  void reads_durations(String text, Duration expected) throws Exception {
    assertThat(reader.readText("wait-at-most: " + text).waitAtMost()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10", "-1s", "1.5s", "10 seconds", "''"})
  void refuses_what_is_no_duration(String text) {
    assertThat(problems("wait-at-most: '%s'".formatted(text)))
        .singleElement()
        .asString()
        .contains("must be a duration");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1048576,1048576", "64KiB,65536", "5 MiB,5242880", "1GiB,1073741824", "7B,7"})
  void reads_sizes(String text, long expected) throws Exception {
    assertThat(reader.readText("size: " + text).size()).isEqualTo(new ByteSize(expected));
  }

  @ParameterizedTest
  @CsvSource({"-1", "5MB", "1.5GiB", "999999999999999GiB"})
  void refuses_what_is_no_size(String text) {
    assertThat(problems("size: " + text)).singleElement().asString().startsWith("size: " + text);
  }
}
