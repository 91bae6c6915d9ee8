package io.tributary.api.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdInsertionTest {
  @Test
  void putsTheIdFirstAndKeepsTheRest() {
    assertThat(withId("{ \"event_type\":\"a\",\"ts\" : 1.50}"))
        .isEqualTo("{\"event_id\":\"x\", \"event_type\":\"a\",\"ts\" : 1.50}");
  }

  @Test
  void putsTheIdInThePlaceOfANull() {
    assertThat(withId("{\"event_type\":\"a\",\"event_id\" : null ,\"ts\":1}"))
        .isEqualTo("{\"event_type\":\"a\",\"event_id\" : \"x\" ,\"ts\":1}");
  }

  @Test
  void findsTheNullUnderAnEscapedName() {
    assertThat(withId("{\"event_type\":\"a\",\"event\\u005fid\":null,\"ts\":1}"))
        .isEqualTo("{\"event_type\":\"a\",\"event\\u005fid\":\"x\",\"ts\":1}");
  }

  @Test
  void isNotMisledByAMemberOfParams() {
    assertThat(withId("{\"params\":{\"event_id\":null},\"event_type\":\"a\",\"ts\":1}"))
        .isEqualTo(
            "{\"event_id\":\"x\",\"params\":{\"event_id\":null},\"event_type\":\"a\",\"ts\":1}");
  }

  @Test
  void findsTheBraceBehindAByteOrderMark() {
    assertThat(withId("\uFEFF{\"event_type\":\"\u00e9\",\"ts\":1,\"event_id\":null}"))
        .isEqualTo("\uFEFF{\"event_type\":\"\u00e9\",\"ts\":1,\"event_id\":\"x\"}");
  }

  private static String withId(String event) {
    byte[] changed = IdInsertion.withId(event.getBytes(StandardCharsets.UTF_8), "x");
    Decoded decoded =
        new EventDecoder(List.of())
            .decode(changed, new Provenance.Http(1_500_000_000_000L, "other"));
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Accepted.class,
            accepted -> assertThat(accepted.event().eventId()).isEqualTo("x"));
    return new String(changed, StandardCharsets.UTF_8);
  }
}
