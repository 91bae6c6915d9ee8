package io.tributary.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.api.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {
  @Test
  void decodesNamesAndValues() {
    QueryParameters parameters =
        QueryParameters.parse("params.a+b=%C3%A9%2B+x&empty=&bare&&params.c%3Dd=e=f");
    assertThat(parameters.names()).containsExactly("params.a b", "empty", "bare", "params.c=d");
    assertThat(parameters.single("params.a b")).isEqualTo("\u00e9+ x");
    assertThat(parameters.single("empty")).isEmpty();
    assertThat(parameters.single("bare")).isEmpty();
    assertThat(parameters.single("params.c=d")).isEqualTo("e=f");
    assertThat(parameters.single("absent")).isNull();
  }

  @Test
  void decodesCharactersBeyondTheBasicPlane() {
    assertThat(QueryParameters.parse("a=%F0%9F%98%80").single("a")).isEqualTo("\uD83D\uDE00");
    assertThat(QueryParameters.parse("a=\uD83D\uDE00").single("a")).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void hasNoNamesWithoutAQuery() {
    assertThat(QueryParameters.parse(null).names()).isEmpty();
  }

  @Test
  void refusesTwoValuesWhereOneIsMeant() {
    QueryParameters parameters = QueryParameters.parse("a=1&a=1");
    assertThatThrownBy(() -> parameters.single("a"))
        .isInstanceOf(ProblemException.class)
        .hasMessage("Parameter a is given more than once.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%g0=1", "a=%FF", "a=%C3", "a=%ED%A0%80"})
  void refusesWhatCannotBeDecoded(String query) {
    assertThatThrownBy(() -> QueryParameters.parse(query))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("Cannot read the query string: ");
  }
}
