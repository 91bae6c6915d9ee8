package io.tributary.api.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFramingTest {
  private static final int MAX_EVENTS = 3;

  @Test
  void takesOneObjectWithoutTheSpaceAroundIt() {
    assertThat(json(" \n{ \"a\" : [ 1, {} ] }\r\n")).containsExactly("{ \"a\" : [ 1, {} ] }");
  }

  @Test
  void takesTheElementsOfAnArrayAsTheyWereWritten() {
    assertThat(json("[{\"a\":1.0 , \"b\":\"},{\"},\t{} , {\"c\":[[],{}]}\n]"))
        .containsExactly("{\"a\":1.0 , \"b\":\"},{\"}", "{}", "{\"c\":[[],{}]}");
  }

  @Test
  void leavesElementsThatAreNoObjectsToTheDecoder() {
    assertThat(json("[1, \"a,b]\", nonsense here]"))
        .containsExactly("1", "\"a,b]\"", "nonsense here");
  }

  @Test
  void isNotMisledByQuotesBehindBackslashes() {
    assertThat(json("[{\"a\":\"\\\"}\\\\\"},{\"b\":\"\\\\\\\"\"}]"))
        .containsExactly("{\"a\":\"\\\"}\\\\\"}", "{\"b\":\"\\\\\\\"\"}");
  }

  @Test
  void takesLinesWhateverTheyHold() {
    assertThat(lines("{\"a\":1}\r\n\n  \n[not closed\n {\"b\":2} "))
        .containsExactly("{\"a\":1}", "[not closed", "{\"b\":2}");
  }

  @Test
  void passesOverAByteOrderMark() {
    assertThat(json("\uFEFF{}")).containsExactly("{}");
    assertThat(lines("\uFEFF{}\n{}")).containsExactly("{}", "{}");
  }

  @Test
  void needsNoStackForDeepNesting() {
    String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    assertThat(json("[{\"a\":" + deep + "}]")).hasSize(1);
  }

  @Test
  void refusesMoreEventsThanAllowed() {
    assertThat(json("[{},{},{}]")).hasSize(3);
    assertThatThrownBy(() -> json("[{},{},{},{}]"))
        .isInstanceOf(ProblemException.class)
        .hasMessage("The body has more than 3 events.");
    assertThatThrownBy(() -> lines("{}\n{}\n{}\n{}"))
        .hasMessage("The body has more than 3 events.");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{}|it ends inside a JSON value that is not closed",
        "[{},|it ends inside a JSON value that is not closed",
        "{\"a\":1|it ends inside a JSON value that is not closed",
        "{\"a|it ends inside a string that is not closed",
        "{\"a\\|it ends inside a string that is not closed",
        "[{}],|byte 4 is after the end of the first JSON value",
        "{}{}|byte 2 is after the end of the first JSON value",
        "[{},]|there is nothing before byte 4, where an event should be",
        "[,{}]|there is nothing before byte 1, where an event should be",
        "[{\"a\":[1}]|the bracket at byte 8 closes nothing that is open",
        "[}]|the bracket at byte 1 closes nothing that is open",
        "true|it begins with neither { nor [",
      })
  void refusesABodyWhoseEventsCannotBeTold(String body, String reason) {
    assertThatThrownBy(() -> json(body))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("Cannot split the body into events: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"``", "` \n\t`", "[]", "`[ ]`"})
  void refusesABodyWithoutEvents(String body) {
    assertThatThrownBy(() -> json(body)).hasMessage("The body holds no event.");
  }

  private static List<String> json(String body) {
    return split(body, BodyFormat.JSON);
  }

  private static List<String> lines(String body) {
    return split(body, BodyFormat.LINES);
  }

  private static List<String> split(String body, BodyFormat format) {
    return EventFraming.split(body.getBytes(StandardCharsets.UTF_8), format, MAX_EVENTS).stream()
        .map(event -> new String(event, StandardCharsets.UTF_8))
        .toList();
  }
}
