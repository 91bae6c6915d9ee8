package io.tributary.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.layout.IndexDocument;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

class DecodingProperties {
  private static final Provenance KAFKA = new Provenance.Kafka("t", 0, 1, 4_102_444_800_000L);

  private final EventDecoder decoder =
      new EventDecoder(List.of(new TypedField("place", "place", TypedField.Type.GEO_POINT)));

  /** Texts of any code points, also such as need escapes and such as sort by code point only. */
  private static Arbitrary<String> texts() {
    Arbitrary<Integer> codePoints =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0x7f),
            Arbitraries.of(0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f600, 0x10ffff));
    return codePoints
        .list()
        .ofMaxSize(6)
        .map(
            points -> {
              StringBuilder text = new StringBuilder();
              points.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  private static Arbitrary<Object> values(int depth) {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            texts().map(Object.class::cast),
            Arbitraries.of(
                new Raw("0"),
                new Raw("-0.0"),
                new Raw("1E+5"),
                new Raw("1e400"),
                new Raw("true"),
                new Raw("null"),
                new Raw("12345678901234567890123456789012345678.90")));
    if (depth == 0) {
      return scalars;
    }
    return Arbitraries.frequencyOf(
        Tuple.of(4, scalars),
        Tuple.of(1, values(depth - 1).list().ofMaxSize(3).map(Object.class::cast)),
        Tuple.of(
            1, Arbitraries.maps(texts(), values(depth - 1)).ofMaxSize(4).map(Object.class::cast)));
  }

  private record Raw(String json) {}

  @Provide
  Arbitrary<Map<String, Object>> events() {
    Arbitrary<Map<String, Object>> others = Arbitraries.maps(texts(), values(2)).ofMaxSize(20);
    Arbitrary<Map<String, Object>> params = Arbitraries.maps(texts(), values(3)).ofMaxSize(20);
    return Combinators.combine(others, params)
        .as(
            (top, inner) -> {
              Map<String, Object> event = new LinkedHashMap<>(top);
              event.put("event_type", "type");
              event.put("ts", new Raw("1465484030.25"));
              event.put("event_id", "id");
              event.put("user_id", new Raw("1e2"));
              event.put("params", inner);
              return event;
            });
  }

  /** Any spelling of a value: members in any order, any white space, any way to escape. */
  private static String spell(Object value, Random random) {
    String space = " \n\t\r".substring(0, random.nextInt(5));
    if (value instanceof Raw raw) {
      return space + raw.json() + space;
    }
    if (value instanceof List<?> list) {
      List<String> elements = list.stream().map(element -> spell(element, random)).toList();
      return space + "[" + String.join(",", elements) + "]" + space;
    }
    if (value instanceof Map<?, ?> map) {
      List<String> members = new ArrayList<>();
      map.forEach((name, member) -> members.add(spell(name, random) + ":" + spell(member, random)));
      Collections.shuffle(members, random);
      return space + "{" + String.join(",", members) + "}" + space;
    }
    StringBuilder out = new StringBuilder(space).append('"');
    for (char c : value.toString().toCharArray()) {
      boolean pair = Character.isSurrogate(c);
      if (c < ' ' || c == '"' || c == '\\' || (!pair && random.nextInt(4) == 0)) {
        out.append("\\u").append("%04X".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').append(space).toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void everySpellingOfAnEventIsTheSameEvent(
      @ForAll("events") Map<String, Object> event, @ForAll long seed) {
    Random random = new Random(seed);

    Decoded.Accepted first = (Decoded.Accepted) decoder.decode(utf8(spell(event, random)), KAFKA);
    Decoded.Accepted second = (Decoded.Accepted) decoder.decode(utf8(spell(event, random)), KAFKA);

    assertThat(second.event()).isEqualTo(first.event());
    assertThat(second.digest()).isEqualTo(first.digest());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void decodingTheCanonicalFormChangesNothing(
      @ForAll("events") Map<String, Object> event, @ForAll long seed) throws Exception {
    byte[] spelled = utf8(spell(event, new Random(seed)));
    Decoded.Accepted first = (Decoded.Accepted) decoder.decode(spelled, KAFKA);
    String canonical = first.event().canonicalJson();

    Decoded.Accepted again = (Decoded.Accepted) decoder.decode(utf8(canonical), KAFKA);

    assertThat(again.event()).isEqualTo(first.event());
    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(CanonicalJson.canonical(utf8(canonical))).isEqualTo(canonical);
    String whole = CanonicalJson.canonical(spelled);
    assertThat(CanonicalJson.canonical(utf8(whole))).isEqualTo(whole);
  }

  @Property(tries = 2_000)
  void anyBytesAreAnEventOrADeadLetter(@ForAll byte[] bytes) {
    assertThat(decoder.decode(bytes, KAFKA)).isNotNull();
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void anyDamageToAnEventIsStillAnEventOrADeadLetter(
      @ForAll("events") Map<String, Object> event, @ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = utf8(spell(event, random));
    for (int i = 0; i < 3; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }

    Decoded decoded = decoder.decode(bytes, KAFKA);

    if (decoded instanceof Decoded.Accepted accepted) {
      assertThat(decoder.decode(utf8(accepted.event().canonicalJson()), KAFKA))
          .extracting(again -> ((Decoded.Accepted) again).event())
          .isEqualTo(accepted.event());
    }
  }

  @Property(tries = 200)
  void theDayOfAnEventIsThatOfUtcWhereverTheMachineIs(
      @ForAll @LongRange(min = 0, max = 253_402_300_799_999_999L) long micros,
      @ForAll("zones") String zone) {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      Event event = new Event("i", "t", micros, null, null, null);

      assertThat(event.day()).isEqualTo(LocalDate.ofEpochDay(micros / 86_400_000_000L));
      assertThat(event.tsText()).startsWith(event.day().toString());
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(
        "America/St_Johns", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu");
  }

  @Property
  void thePartsOfADigestMakeItUpAgain(@ForAll @LongRange(min = 0) long digest) {
    DigestParts parts = DigestParts.of(digest);

    assertThat(parts.digest()).isEqualTo(digest);
    assertThat(List.of(parts.d0(), parts.d1(), parts.d2()))
        .allMatch(part -> part >= 0 && part < 1 << 21);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void the_event_is_read_back_out_of_its_document_and_so_are_its_typed_fields(
      @ForAll("events") Map<String, Object> event, @ForAll long seed) {
    Decoded.Accepted accepted =
        (Decoded.Accepted) decoder.decode(utf8(spell(event, new Random(seed))), KAFKA);
    List<TypedField> fields = List.of(new TypedField("place", "place", TypedField.Type.GEO_POINT));

    String document =
        IndexDocument.json(
            accepted.event(), accepted.digest(), fields, accepted.typedValues(), null);

    assertThat(DocumentedEvent.of(utf8(document))).contains(accepted.event());
    assertThat(new TypedValues(fields).of(accepted.event().params()))
        .isEqualTo(accepted.typedValues());
  }
}
