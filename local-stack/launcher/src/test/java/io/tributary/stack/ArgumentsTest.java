package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  private final Path home;

  ArgumentsTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void portsAreTheUsualOnesWhenNothingIsSaid() throws Exception {
    StackOptions options = arguments(Map.of(), "start").stackOptions();

    assertThat(options.kafka().port()).isEqualTo(9092);
    assertThat(options.elasticsearch().port()).isEqualTo(9200);
  }

  @Test
  void portsOfTheDataComeBeforeTheUsualOnes() throws Exception {
    Files.createDirectories(home.resolve("kafka"));
    Files.writeString(home.resolve("kafka/port"), "20001\n");

    assertThat(arguments(Map.of(), "start").stackOptions().kafka().port()).isEqualTo(20001);
  }

  @Test
  void portsComeFromTheEnvironmentAndOptionsWin() throws Exception {
    Map<String, String> environment =
        Map.of(
            "TRIBUTARY_KAFKA", "127.0.0.1:19092",
            "TRIBUTARY_ELASTICSEARCH", "http://localhost:19200/");

    StackOptions fromEnvironment = arguments(environment, "start").stackOptions();
    assertThat(fromEnvironment.kafka().port()).isEqualTo(19092);
    assertThat(fromEnvironment.elasticsearch().port()).isEqualTo(19200);
    assertThat(arguments(environment, "start", "--kafka-port", "0").stackOptions().kafka().port())
        .isZero();
  }

  @Test
  void aHostElsewhereIsNotALocalStack() {
    assertThatThrownBy(
            () ->
                arguments(Map.of("TRIBUTARY_KAFKA", "kafka.example.org:9092"), "start")
                    .stackOptions())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Invalid TRIBUTARY_KAFKA for the local stack: kafka.example.org:9092")
        .hasMessageContaining("127.0.0.1 only");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                               | Nothing to do",
        "frob                                           | Invalid command: frob",
        "start zookeeper                                | Invalid server: zookeeper",
        "status kafka                                   | Invalid argument: kafka",
        "start --kafka-port                             | Invalid --kafka-port: nothing follows it",
        "start --kafka-port 1.5                         | Invalid --kafka-port: '1.5'",
        "start --kafka-port 65536                       | Invalid --kafka-port: '65536'",
        "start --kafka-port -1                          | Invalid --kafka-port: '-1'",
        "start --kafka-port 7 --elasticsearch-port 7    | Invalid ports: both servers",
        "start --quickly                                | Invalid server: --quickly"
      })
  void wrongWordsAreNamed(String words, String message) {
    assertThatThrownBy(
            () ->
                arguments(Map.of(), words == null ? new String[0] : words.split(" "))
                    .stackOptions())
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aHomeMustBeKnown() {
    assertThatThrownBy(() -> Arguments.read(List.of("status"), Map.of()).home())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("TRIBUTARY_HOME");
  }

  private Arguments arguments(Map<String, String> environment, String... words)
      throws UsageException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TRIBUTARY_HOME", home.toString());
    return Arguments.read(List.of(words), all);
  }
}
