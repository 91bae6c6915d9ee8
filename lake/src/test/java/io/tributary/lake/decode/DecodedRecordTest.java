package io.tributary.lake.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.lake.KafkaRecord;
import io.tributary.lake.table.DeadLetter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spark moves records from memory to disk and from tasks to the driver: they must survive it. */
class DecodedRecordTest {
  private final EventDecoder decoder =
      new EventDecoder(List.of(new TypedField("place", "place", TypedField.Type.GEO_POINT)));

  private DecodedRecord decoded(String value) {
    Provenance.Kafka kafka =
        new Provenance.Kafka(KafkaRecord.TOPIC, 3, 7, KafkaRecord.RECEIVED_MILLIS);
    byte[] raw = value.getBytes(StandardCharsets.UTF_8);
    return new DecodedRecord(kafka, raw, decoder.decode(raw, kafka));
  }

  private static Object sent(Object object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void an_event_survives() throws Exception {
    DecodedRecord before =
        decoded(
            "{\"event_id\":\"a\",\"event_type\":\"t\",\"ts\":1465520523,\"place\":\"59.3,18.1\"}");

    DecodedRecord after = (DecodedRecord) sent(before);

    assertThat(after.kafka()).isEqualTo(before.kafka());
    assertThat(after.raw()).isEqualTo(before.raw());
    assertThat(after.outcome())
        .isInstanceOfSatisfying(
            Decoded.Accepted.class,
            event -> {
              Decoded.Accepted original = (Decoded.Accepted) before.outcome();
              assertThat(event.event()).isEqualTo(original.event());
              assertThat(event.typedValues()).isEqualTo(original.typedValues());
            });
  }

  @Test
  void a_rejected_record_and_its_letter_survive() throws Exception {
    DecodedRecord before = decoded("no json");
    Decoded.Rejected rejected = (Decoded.Rejected) before.outcome();
    DeadLetter letter =
        new DeadLetter(
            rejected.reason(),
            rejected.detail(),
            DeadLetter.Stage.DECODE,
            before.raw(),
            before.kafka(),
            null);

    assertThat(((DecodedRecord) sent(before)).outcome()).isEqualTo(rejected);
    assertThat(((DeadLetter) sent(letter)).kafka()).isEqualTo(letter.kafka());
  }
}
