package io.tributary.api.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EventFramingProperties {
  @Property
  void whatIsJoinedIsSplitAgain(@ForAll("objects") List<String> objects) {
    assertThat(split("[" + String.join(" ,\n", objects) + "]", BodyFormat.JSON)).isEqualTo(objects);
    assertThat(split(String.join("\n", objects), BodyFormat.LINES)).isEqualTo(objects);
  }

  @Property
  void anyBytesAreSplitOrRefused(@ForAll byte[] body, @ForAll BodyFormat format) {
    try {
      assertThat(EventFraming.split(body, format, 10)).isNotEmpty();
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isIn(400, 413);
    }
  }

  @Provide
  Arbitrary<List<String>> objects() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars("ab{}[],:\\\"\u00e9\uD83D")
            .ofMaxLength(8)
            .map(EventFramingProperties::quoted);
    Arbitrary<String> leaf = Arbitraries.oneOf(text, Arbitraries.of("1", "-2.50", "null", "[]"));
    Arbitrary<String> array = leaf.list().ofMaxSize(3).map(list -> "[" + join(list) + "]");
    Arbitrary<String> member =
        Arbitraries.oneOf(leaf, array).flatMap(value -> text.map(name -> name + ": " + value));
    return member
        .list()
        .ofMaxSize(3)
        .map(members -> "{" + join(members) + "}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  private static String join(List<String> parts) {
    return String.join(",", parts);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\uD83D", "x") + '"';
  }

  private static List<String> split(String body, BodyFormat format) {
    return EventFraming.split(body.getBytes(StandardCharsets.UTF_8), format, 10).stream()
        .map(event -> new String(event, StandardCharsets.UTF_8))
        .toList();
  }
}
