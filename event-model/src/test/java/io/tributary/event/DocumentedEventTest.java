package io.tributary.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.layout.IndexDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentedEventTest {
  private static final Event EVENT =
      new Event("id", "click", 1_465_520_523_123_456L, "u", null, "{\"n\":1.50}");

  private static final String DOCUMENT =
      IndexDocument.json(
          EVENT,
          EVENT.digest(),
          List.of(),
          new Object[0],
          new Provenance.Kafka("events", 1, 2, 1_465_520_524_000L));

  private static Optional<Event> read(String document) {
    return DocumentedEvent.of(document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_document_gives_back_its_event_whatever_the_order_of_its_fields() {
    assertThat(read(DOCUMENT)).contains(EVENT);
    assertThat(
            read(
                "{\"ts_micros\":1465520523123456,\"params\":{\"n\":1.50},\"user_id\":\"u\",\"ts\":\"2016-06-10T01:02:03.123456Z\",\"event_type\":\"click\",\"event_id\":\"id\"}"))
        .contains(EVENT);
  }

  @Test
  void another_text_is_another_event() {
    assertThat(read(DOCUMENT.replace("1.50", "1.5")).orElseThrow().digest())
        .isNotEqualTo(EVENT.digest());
    assertThat(read(DOCUMENT.replace("click", "forged")).orElseThrow().digest())
        .isNotEqualTo(EVENT.digest());
  }

  @Test
  void what_is_no_event_any_more_gives_none() {
    assertThat(read("{}")).isEmpty();
    assertThat(read("[]")).isEmpty();
    assertThat(read("no json")).isEmpty();
    assertThat(read(DOCUMENT.replace("\"user_id\":\"u\"", "\"user_id\":7"))).isEmpty();
    assertThat(read(DOCUMENT.replace("\"ts_micros\":1465", "\"ts_micros\":1466"))).isEmpty();
    assertThat(read(DOCUMENT.replace("{\"n\":1.50}", "[]"))).isEmpty();
    assertThat(read(DOCUMENT.replace("2016-06-10T", "yesterday "))).isEmpty();
  }
}
