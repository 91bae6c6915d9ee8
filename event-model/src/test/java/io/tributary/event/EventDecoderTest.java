package io.tributary.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventDecoderTest {
  private static final Provenance.Kafka KAFKA =
      new Provenance.Kafka("events", 3, 42, 1_465_500_000_000L);

  private final EventDecoder decoder = new EventDecoder(List.of());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Decoded.Accepted accepted(String json) {
    return accepted(decoder, json);
  }

  private static Decoded.Accepted accepted(EventDecoder decoder, String json) {
    Decoded decoded = decoder.decode(bytes(json), KAFKA);
    assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
    return (Decoded.Accepted) decoded;
  }

  private Decoded.Rejected rejected(byte[] value) {
    Decoded decoded = decoder.decode(value, KAFKA);
    assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
    return (Decoded.Rejected) decoded;
  }

  private static String valid(String more) {
    return "{\"event_type\":\"a\",\"ts\":1465484030" + more + "}";
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  @Test
  void takesAnEventOfTheSeedAsItIs() {
    Event event =
        accepted(
                "{\"event_type\":\"session_start\",\"ts\":1465484030,\"params\":{\"Location service"
                    + " status\":\"Location service On\",\"platform\":\"android\"},"
                    + "\"session_uuid\":\"7\",\"platform\":\"web\"}")
            .event();

    assertThat(event.eventId()).isEqualTo(EventIdentity.ofKafka(KAFKA)).matches("k-[0-9a-f]{32}");
    assertThat(event.tsText()).isEqualTo("2016-06-09T14:53:50.000000Z");
    assertThat(event.params())
        .isEqualTo(
            "{\"Location service status\":\"Location service On\",\"platform\":\"android\","
                + "\"platform_top\":\"web\",\"session_uuid\":\"7\"}");
  }

  @Test
  void spellsTheEventCanonicallyAndDigestsThat() {
    Decoded.Accepted accepted =
        accepted(
            " {\"user_id\":12.0 , \"ts\":\"1465484030\",\"session_id\":null,\"params\":"
                + "{\"b\":1e400,\"a\":[1, -0, {\"z\":\"\\u00e9\\u0000\\/\"}]},"
                + "\"event_id\":\"i\",\"event_type\":\"T\"} ");

    assertThat(accepted.event().canonicalJson())
        .isEqualTo(
            "{\"event_id\":\"i\",\"event_type\":\"T\","
                + "\"params\":{\"a\":[1,-0,{\"z\":\"é\\u0000/\"}],\"b\":1e400},"
                + "\"ts\":\"2016-06-09T14:53:50.000000Z\",\"user_id\":\"12.0\"}");
    assertThat(accepted.digest()).isEqualTo(accepted.event().digest()).isNotNegative();
    assertThat(accepted.event().day()).hasToString("2016-06-09");
  }

  /** The numbers were computed with sha256sum, so that no mistake here can hide one there. */
  @Test
  void identitiesAndDigestsAreWhatAnyoneCanCompute() {
    assertThat(EventIdentity.ofKafka(new Provenance.Kafka("events", 0, 0, 1_465_484_030_000L)))
        .isEqualTo("k-13e6410acf0a9206a332c613f1bc5440");
    assertThat(EventIdentity.ofContent("{}", "")).isEqualTo("c-44136fa355b3678a1146ad16f7e8649e");
    assertThat(EventIdentity.ofContent("{}", "7")).isEqualTo("c-2194f00f40ae3f5b75332e0890eecc10");
    assertThat(accepted(valid(",\"event_id\":\"i\"")).digest()).isEqualTo(2853133504132905124L);
  }

  @Test
  void givesImportsAndRequestsTheirOwnIds() {
    byte[] value = bytes(valid(""));
    Event first = event(decoder.decode(value, new Provenance.Import(1_465_500_000_000L, "1")));
    Event second = event(decoder.decode(value, new Provenance.Import(1_465_500_000_000L, "2")));
    Event request = event(decoder.decode(value, new Provenance.Http(1_465_500_000_000L, "mine")));

    assertThat(first.eventId()).matches("c-[0-9a-f]{32}").isNotEqualTo(second.eventId());
    assertThat(request.eventId()).isEqualTo("mine");
  }

  private static Event event(Decoded decoded) {
    return ((Decoded.Accepted) decoded).event();
  }

  static Stream<Arguments> brokenValues() {
    String twenty = nested(20);
    return Stream.of(
        arguments("empty", ""),
        arguments("empty", " \n\t\r"),
        arguments("empty", "\uFEFF \n"),
        arguments("not_json", "\uFEFF\uFEFF{}"),
        arguments("not_json", "{\"event_type\":\"a\""),
        arguments("not_json", valid("") + " x"),
        arguments("not_json", valid("") + valid("")),
        arguments("not_json", valid(",\"x\":NaN")),
        arguments("not_json", valid(",\"x\":Infinity")),
        arguments("not_json", valid(",\"x\":-Infinity")),
        arguments("not_json", valid(",\"x\":01")),
        arguments("not_json", valid(",\"x\":+1")),
        arguments("not_json", valid(",\"x\":1.")),
        arguments("not_json", valid(",\"x\":.5")),
        arguments("not_json", valid(",\"x\":0x10")),
        arguments("not_json", valid(",\"x\":'a'")),
        arguments("not_json", valid(",x:1")),
        arguments("not_json", valid(",")),
        arguments("not_json", valid(",\"x\":[1,]")),
        arguments("not_json", valid(",\"x\":\"a\tb\"")),
        arguments("not_json", valid(",\"x\":\"\\x\"")),
        arguments("not_json", valid("/* c */")),
        arguments("not_json", valid("") + "// c"),
        arguments("not_json", "\u0000{\u0000}"),
        arguments("not_json", "{\u0000}\u0000"),
        arguments("not_json", "nul"),
        arguments("not_an_object", "null"),
        arguments("not_an_object", "1"),
        arguments("not_an_object", "\"a\""),
        arguments("not_an_object", "[" + valid("") + "]"),
        arguments("not_an_object", "[".repeat(10_000) + "]".repeat(10_000)),
        arguments("too_deep", valid(",\"params\":" + nested(21))),
        arguments("too_deep", valid(",\"params\":{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}")),
        arguments("too_deep", valid(",\"other\":" + twenty)),
        arguments("too_deep", valid(",\"params\":" + nested(10_000))),
        arguments("too_deep", nested(10_000)),
        arguments("invalid_unicode", valid(",\"x\":\"\\ud800\"")),
        arguments("invalid_unicode", valid(",\"x\":\"\\udc00\\ud800\"")),
        arguments("invalid_unicode", valid(",\"params\":{\"\\udfff\":1}")),
        arguments("invalid_unicode", valid(",\"params\":{\"\\ud800\":1}")),
        arguments("invalid_unicode", valid(",\"params\":{\"name\\ud800\\ud800\":1}")),
        arguments("not_json", valid(",\"params\":{\"\\ud800\":1}}")),
        arguments("invalid_unicode", valid(",\"params\":[{\"a\":[\"\\ud83dx\"]}]")),
        arguments("duplicate_key", valid(",\"ts\":1")),
        arguments("duplicate_key", valid(",\"params\":{\"a\":[{\"b\":1,\"c\":1,\"b\":2}]}")),
        arguments("duplicate_key", valid(",\"params\":{\"\\u0061\":1,\"a\":1}")),
        arguments("duplicate_key", valid(",\"params\":{\"😀\":1,\"\\ud83d\\ude00\":1}")),
        arguments("missing_event_type", "{\"ts\":1}"),
        arguments("missing_event_type", "{\"ts\":1,\"event_type\":null}"),
        arguments("missing_event_type", "{}"),
        arguments("invalid_event_type", "{\"ts\":1,\"event_type\":\"\"}"),
        arguments("invalid_event_type", "{\"ts\":1,\"event_type\":7}"),
        arguments("invalid_event_type", "{\"ts\":1,\"event_type\":\"" + "é".repeat(201) + "\"}"),
        arguments("missing_ts", "{\"event_type\":\"a\"}"),
        arguments("missing_ts", "{\"event_type\":\"a\",\"ts\":null}"),
        arguments("invalid_ts", "{\"event_type\":\"a\",\"ts\":\"\"}"),
        arguments("invalid_ts", "{\"event_type\":\"a\",\"ts\":\" 1\"}"),
        arguments("invalid_ts", "{\"event_type\":\"a\",\"ts\":\"yesterday\"}"),
        arguments("invalid_ts", "{\"event_type\":\"a\",\"ts\":true}"),
        arguments("invalid_ts", "{\"event_type\":\"a\",\"ts\":{}}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":-1}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":-0.0000001}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":\"1969-12-31T23:59:59Z\"}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":\"9999-12-31T23:59:59Z\"}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":1e999999999}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":-1e99999999999999999999}"),
        arguments("ts_out_of_range", "{\"event_type\":\"a\",\"ts\":" + "9".repeat(1_000_000) + "}"),
        arguments("invalid_event_id", valid(",\"event_id\":\"\"")),
        arguments("invalid_event_id", valid(",\"event_id\":5")),
        arguments("invalid_event_id", valid(",\"event_id\":\"a\\u0000\"")),
        arguments("invalid_event_id", valid(",\"event_id\":\"a\\u0085\"")),
        arguments("invalid_event_id", valid(",\"event_id\":\"" + "😀".repeat(129) + "\"")),
        arguments("invalid_user_id", valid(",\"user_id\":true")),
        arguments("invalid_session_id", valid(",\"session_id\":[]")),
        arguments("invalid_params", valid(",\"params\":[]")),
        arguments("invalid_params", valid(",\"params\":\"{}\"")));
  }

  @ParameterizedTest
  @MethodSource("brokenValues")
  void rejectsWithTheReason(String code, String value) {
    Decoded.Rejected rejected = rejected(bytes(value));

    assertThat(rejected.reason().code()).isEqualTo(code);
    assertThat(rejected.detail()).isNotBlank().endsWith(".");
  }

  @Test
  void anAbsentValueIsEmpty() {
    assertThat(decoder.decode(null, KAFKA))
        .isEqualTo(new Decoded.Rejected(DeadLetterReason.EMPTY, "The record has no value.", null));
  }

  static Stream<byte[]> notUtf8() {
    return Stream.of(
            new int[] {'{', '}', 0x80},
            new int[] {0xc0, 0xaf},
            new int[] {0xe0, 0x9f, 0x80},
            new int[] {0xed, 0xa0, 0x80},
            new int[] {0xf0, 0x8f, 0x80, 0x80},
            new int[] {0xf4, 0x90, 0x80, 0x80},
            new int[] {0xf5, 0x80, 0x80, 0x80},
            new int[] {'1', '2', '3', '4', '5', '6', '7', '8', 0xe2, 0x82},
            new int[] {0xff, 0xfe, '{', 0})
        .map(
            values -> {
              byte[] bytes = new byte[values.length];
              IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
              return bytes;
            });
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void rejectsWhatIsNotUtf8(byte[] value) {
    assertThat(rejected(value).reason()).isEqualTo(DeadLetterReason.INVALID_UTF8);
  }

  @Test
  void utf16IsNotGuessed() {
    assertThat(rejected("{\"event_type\":1}".getBytes(StandardCharsets.UTF_16LE)).reason())
        .isEqualTo(DeadLetterReason.NOT_JSON);
  }

  @Test
  void theLimitOfSizeIsOnTheValueAsReceived() {
    byte[] largest = new byte[EventDecoder.MAX_VALUE_BYTES];
    Arrays.fill(largest, (byte) ' ');
    byte[] event = bytes(valid(""));
    System.arraycopy(event, 0, largest, 0, event.length);

    assertThat(decoder.decode(largest, KAFKA)).isInstanceOf(Decoded.Accepted.class);
    assertThat(rejected(Arrays.copyOf(largest, largest.length + 1)).reason())
        .isEqualTo(DeadLetterReason.TOO_LARGE);
    assertThat(
            accepted(
                valid(
                    ",\"params\":{\""
                        + "k".repeat(500_000)
                        + "\":\""
                        + "v".repeat(500_000)
                        + "\"}")))
        .isNotNull();
  }

  @Test
  void theFirstRuleBrokenDecidesAndTheIdIsTold() {
    String several =
        "{\"event_id\":\"i\",\"params\":[],\"user_id\":{},\"ts\":\"x\",\"event_type\":1}";

    assertThat(rejected(bytes(several)).reason()).isEqualTo(DeadLetterReason.INVALID_EVENT_TYPE);
    assertThat(rejected(bytes(several)).eventId()).isEqualTo("i");
    assertThat(rejected(bytes("{\"event_id\":\"i\",")).eventId()).isEqualTo("i");
    assertThat(rejected(bytes("{\"event_id\":\"i\",\"event_id\":\"j\"}")).eventId()).isNull();
    assertThat(rejected(bytes("{\"event_id\":\"\\ud800\"}")).eventId()).isNull();
  }

  @Test
  void whatIsAllowedAtTheBordersIsAllowed() {
    assertThat(accepted(valid(",\"params\":" + nested(20))).event().params()).isEqualTo(nested(20));
    assertThat(accepted(valid(",\"a\":" + nested(19))).event().params()).isEqualTo(nested(20));
    assertThat(accepted(valid(",\"event_id\":\"" + "😀".repeat(128) + "\"")).event().eventId())
        .hasSize(256);
    assertThat(accepted("{\"ts\":0,\"event_type\":\"" + "é".repeat(200) + "\"}").event().tsMicros())
        .isZero();
    assertThat(accepted("\uFEFF" + valid(",\"params\":null")).event().params()).isNull();
    assertThat(accepted(valid(",\"event_id\":null,\"params\":{}")).event().params())
        .isEqualTo("{}");
    assertThat(accepted(valid(",\"params\":{\"\":\"\\u0000\"}")).event().params())
        .isEqualTo("{\"\":\"\\u0000\"}");
    String digits = "1234567890".repeat(500) + ".5e-7";
    assertThat(accepted(valid(",\"n\":" + digits)).event().params())
        .isEqualTo("{\"n\":" + digits + "}");
  }

  @Test
  void tsMayLieADayAheadOfItsRecordAndNoMore() {
    String ahead = "{\"event_type\":\"a\",\"ts\":1465586400%s}";

    assertThat(accepted(ahead.formatted("000000")).event().tsText())
        .isEqualTo("2016-06-10T19:20:00.000000Z");
    assertThat(rejected(bytes(ahead.formatted("000001"))).reason())
        .isEqualTo(DeadLetterReason.TS_OUT_OF_RANGE);
  }

  @Test
  void aRecordWithoutTimestampIsBoundByTheRunsStart() {
    Provenance untimed = new Provenance.Kafka("events", 0, 0, -1);
    byte[] value = bytes("{\"event_type\":\"a\",\"ts\":\"3000-01-01T00:00:00Z\"}");

    assertThat(decoder.decode(value, untimed)).isInstanceOf(Decoded.Accepted.class);
    assertThat(new EventDecoder(List.of(), 0).decode(value, untimed))
        .isInstanceOf(Decoded.Rejected.class);
    assertThat(decoder.decode(value, new Provenance.Http(Long.MAX_VALUE, "i")))
        .isInstanceOf(Decoded.Accepted.class);
  }

  @Test
  void nothingIsLostWhenNamesClash() {
    assertThat(
            accepted(
                    valid(
                        ",\"a\":1,\"a_top\":2,\"b\":3,\"b_top\":4,"
                            + "\"params\":{\"a\":5,\"b\":6,\"b_top\":7}"))
                .event()
                .params())
        .isEqualTo(
            "{\"a\":5,\"a_top\":2,\"a_top_top\":1,\"b\":6,\"b_top\":7,"
                + "\"b_top_top\":3,\"b_top_top_top\":4}");
  }

  @Test
  void sortsKeysByCodePoint() {
    assertThat(
            accepted(valid(",\"params\":{\"😀\":1,\"\uFFFD\":2,\"a\":3,\"aa\":4,\"\":5,\"B\":6}"))
                .event()
                .params())
        .isEqualTo("{\"\":5,\"B\":6,\"a\":3,\"aa\":4,\"\uFFFD\":2,\"😀\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "string    | \"a\"                     | a",
        "string    | 1.50                      | 1.50",
        "string    | true                      | true",
        "string    | {}                        | -",
        "long      | 12                        | 12",
        "long      | 12.0                      | 12",
        "long      | 1e3                       | 1000",
        "long      | \"-7\"                    | -7",
        "long      | -9223372036854775808      | -9223372036854775808",
        "long      | 9223372036854775807       | 9223372036854775807",
        "long      | 9223372036854775808       | -",
        "long      | 1e999999999               | -",
        "long      | 1.5                       | -",
        "long      | \"twelve\"                | -",
        "double    | 1.5                       | 1.5",
        "double    | \"2e3\"                   | 2000.0",
        "double    | 1e400                     | -",
        "double    | \"NaN\"                   | -",
        "boolean   | false                     | false",
        "boolean   | \"true\"                  | true",
        "boolean   | 1                         | -",
        "timestamp | 1465484030                | 1465484030000000",
        "timestamp | \"1969-12-31T23:59:59Z\"  | -1000000",
        "timestamp | 1e18                      | -",
        "timestamp | true                      | -",
        "geo_point | {\"lat\":1,\"lon\":\"2\"} | GeoPoint[lat=1.0, lon=2.0]",
        "geo_point | \"1, -2.5\"               | GeoPoint[lat=1.0, lon=-2.5]",
        "geo_point | [2,1]                     | GeoPoint[lat=1.0, lon=2.0]",
        "geo_point | [2,91]                    | -",
        "geo_point | [181,1]                   | -",
        "geo_point | [1,2,3]                   | -",
        "geo_point | {\"lat\":1}               | -",
        "geo_point | \"here\"                  | -",
      })
  void typesAValueOrCountsItAsMisfit(String type, String json, String typed) {
    TypedField field = new TypedField("field", "f", TypedField.Type.fromCode(type));

    Decoded.Accepted accepted =
        accepted(new EventDecoder(List.of(field)), valid(",\"params\":{\"f\":" + json + "}"));

    assertThat(String.valueOf(accepted.typedValues()[0])).isEqualTo(String.valueOf(typed));
    assertThat(accepted.misfits()).isEqualTo(typed == null ? 1 : 0);
  }

  @Test
  void findsValuesByPointerOrTopLevelKey() {
    EventDecoder decoder =
        new EventDecoder(
            Stream.of(
                    "/sale/amount",
                    "/a~1b/~0/1",
                    "x.y",
                    "/none",
                    "/null",
                    "/sale/amount/deeper",
                    "/")
                .map(path -> new TypedField("field", path, TypedField.Type.LONG))
                .toList());

    Decoded.Accepted accepted =
        accepted(
            decoder,
            valid(
                ",\"sale\":{\"amount\":1},\"params\":{\"a/b\":{\"~\":[0,2]},\"x.y\":3,"
                    + "\"null\":null,\"\":4}"));

    assertThat(accepted.typedValues()).containsExactly(1L, 2L, 3L, null, null, null, 4L);
    assertThat(accepted.misfits()).isZero();
  }

  @Test
  void refusesFieldsThatCouldNotBeColumns() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TypedField("Kind", "kind", TypedField.Type.STRING))
        .withMessage(
            "Invalid field name: Kind (must match [a-z][a-z0-9_]{0,62}). Rename the field.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TypedField("ts", "kind", TypedField.Type.STRING));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TypedField("kind", "/a~2", TypedField.Type.STRING));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TypedField.Type.fromCode("text"))
        .withMessageContaining("string, long, double, boolean, timestamp, geo_point");
  }

  @Test
  void travelsToAnotherProcess() throws Exception {
    EventDecoder sent = new EventDecoder(List.of(new TypedField("n", "/n", TypedField.Type.LONG)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      EventDecoder received = (EventDecoder) in.readObject();

      assertThat(accepted(received, valid(",\"n\":5")).typedValues()).containsExactly(5L);
    }
  }

  @Test
  void everyReasonHasTheCodeOfTheContract() {
    assertThat(Arrays.stream(DeadLetterReason.values()).map(DeadLetterReason::code))
        .containsExactlyInAnyOrder(
            "empty, not_json, not_an_object, invalid_utf8, invalid_unicode, duplicate_key, too_large, too_deep, missing_event_type, invalid_event_type, missing_ts, invalid_ts, ts_out_of_range, invalid_event_id, invalid_user_id, invalid_session_id, invalid_params, id_conflict, index_rejected"
                .split(", "));
  }
}
