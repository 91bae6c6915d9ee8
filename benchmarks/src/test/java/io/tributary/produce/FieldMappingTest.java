package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldMappingTest {
  private static final FieldMapping GITHUB = mapping("type", null, "created_at", "id");
  private static final FieldMapping WIKIPEDIA = mapping(null, "edit", "time", null);

  @Test
  void threeFieldsAreRenamedAndTheOthersGoIntoParamsLetterByLetter() {
    Outgoing outgoing =
        send(
            GITHUB,
            "{\"id\":\"17\", \"type\":\"PushEvent\",\"n\": 1.500e400 ,\"a\":{ \"x\":[1, 2]},"
                + "\"s\":\"\\u00e9 \\\" ü\",\"created_at\":\"2015-01-01T00:00:00Z\"}");

    assertThat(text(outgoing))
        .isEqualTo(
            "{\"event_id\":\"17\",\"event_type\":\"PushEvent\",\"ts\":\"2015-01-01T00:00:00Z\","
                + "\"params\":{\"n\":1.500e400,\"a\":{ \"x\":[1, 2]},\"s\":\"\\u00e9 \\\" ü\"}}");
    assertThat(outgoing.key()).isEqualTo("17".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anIdThatIsANumberBecomesText() {
    assertThat(text(send(GITHUB, "{\"id\":17,\"type\":\"a\",\"created_at\":1}")))
        .startsWith("{\"event_id\":\"17\",");
  }

  @Test
  void withoutAnIdTheContentGivesOne() {
    String line = "{\"time\":\"2015-09-12T00:46:58.771Z\",\"page\":\"A\",\"delta\":36}";
    Outgoing first = send(WIKIPEDIA, line);
    Outgoing same = send(WIKIPEDIA, line.replace(",", " , "));
    Outgoing other = send(WIKIPEDIA, line.replace("36", "37"));

    assertThat(text(first)).startsWith("{\"event_id\":\"c-").contains("\"event_type\":\"edit\"");
    assertThat(first.key()).isEqualTo(same.key()).isNotEqualTo(other.key()).hasSize(34);
  }

  @Test
  void sourceIdsTellEqualContentsApart() {
    FieldMapping mapping =
        new FieldMapping(null, "edit", "time", null, List.of("line"), 1_700_000_000_000L);

    assertThat(send(mapping, "{\"time\":1,\"line\":1}").key())
        .isNotEqualTo(send(mapping, "{\"time\":1,\"line\":2}").key());
  }

  @Test
  void eventsWithoutAMappingGoOutAsTheyAre() {
    String event = "{\"event_type\":\"a\" ,\"ts\":1, \"event_id\":\"x\"}";
    Outgoing outgoing = send(mapping(null, null, null, null), event);

    assertThat(text(outgoing)).isEqualTo(event);
    assertThat(outgoing.key()).isEqualTo("x".getBytes(StandardCharsets.UTF_8));
    assertThat(send(mapping(null, null, null, null), "{\"event_type\":\"a\",\"ts\":1}").key())
        .isNull();
  }

  @Test
  void whatIsNoObjectGoesOutAsItIs() {
    assertThat(text(send(GITHUB, "[1]"))).isEqualTo("[1]");
    assertThat(text(send(GITHUB, "{\"id\":1"))).isEqualTo("{\"id\":1");
    assertThat(text(send(GITHUB, "{}{}"))).isEqualTo("{}{}");
  }

  private static FieldMapping mapping(
      @Nullable String typeField,
      @Nullable String constantType,
      @Nullable String timeField,
      @Nullable String idField) {
    return new FieldMapping(
        typeField, constantType, timeField, idField, List.of(), 1_700_000_000_000L);
  }

  private static Outgoing send(FieldMapping mapping, String line) {
    return mapping.outgoing(line.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Outgoing outgoing) {
    return new String(outgoing.value(), StandardCharsets.UTF_8);
  }
}
