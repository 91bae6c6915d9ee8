package io.tributary.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.api.TestApi.Answer;
import io.tributary.event.TypedField;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryIT {
  private static final List<TypedField> FIELDS =
      List.of(
          new TypedField("technology", "technology", TypedField.Type.STRING),
          new TypedField("amount", "/sale/amount", TypedField.Type.LONG),
          new TypedField("price", "price", TypedField.Type.DOUBLE),
          new TypedField("paid", "paid", TypedField.Type.BOOLEAN),
          new TypedField("seen", "seen", TypedField.Type.TIMESTAMP),
          new TypedField("place", "place", TypedField.Type.GEO_POINT));

  private static final List<String> EVENTS =
      List.of(
          """
          {"event_id":"a","event_type":"Purchase","ts":"2016-06-09T23:59:59.999999Z",
           "user_id":"u1","session_id":"s1","params":{"platform":"ios","sale":{"amount":12},
           "price":1.50,"paid":true,"seen":1465484030,"place":{"lat":1.5,"lon":-2},
           "technology":"4G","precise":1e400,"long":1234567890123456789012345678901234567890,
           "tags":["x","y"],"nested":{"deep":{"er":7}},"flat.key":"v"}}""",
          """
          {"event_id":"b","event_type":"purchase","ts":"2016-06-10T00:00:00Z","user_id":"u1",
           "params":{"platform":"android","tags":"z"}}""",
          """
          {"event_id":"c","event_type":"Purchase","ts":"2016-06-10T00:00:00.000001Z"}""",
          """
          {"event_id":"B","event_type":"login","ts":"2016-06-10T00:00:00Z","session_id":"s1",
           "params":{"flat":{"key":"v"},"note":"caf\\u00e9 + 1&2"}}""",
          """
          {"event_id":"d","event_type":"login","ts":"2016-06-12T10:00:00Z"}""",
          """
          {"event_id":"twice","event_type":"login","ts":"2016-06-13T10:00:00Z"}""",
          """
          {"event_id":"twice","event_type":"login","ts":"2016-06-14T10:00:00Z"}""");

  private static final String ALL = "start=2016-06-01T00:00:00Z&end=2016-07-01T00:00:00Z";
  private static @Nullable TestApi started;
  private static @Nullable TestIndex filled;

  @BeforeAll
  static void start() {
    LocalStack stack = SharedLocalStack.running();
    String fields =
        FIELDS.stream()
            .map(
                field ->
                    "  - {name: %s, path: %s, type: %s}%n"
                        .formatted(field.name(), field.path(), field.type().code()))
            .collect(Collectors.joining());
    started = TestApi.startWith("fields:\n" + fields, stack.kafka(), stack.elasticsearch());
    filled = new TestIndex(stack.elasticsearch(), api().name() + "-", FIELDS);
    index().add(EVENTS);
  }

  @AfterAll
  static void stop() {
    api().close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "start=2016-06-01T00:00:00Z&end=2016-07-01T00:00:00Z|a,B,b,c,d,twice,twice",
        "start=0&end=9999-12-31T23:59:59Z|a,B,b,c,d,twice,twice",
        "start=1465516800&end=1465516800|",
        "start=1465516800&end=1465516801|B,b,c",
        "start=1465516800000&end=1465516800001|B,b,c",
        "start=2016-06-10T00:00:00Z&end=2016-06-10T00:00:00.000001Z|B,b",
        "start=2016-06-09T23:59:59.999999Z&end=2016-06-10T00:00:00Z|a",
        "start=2016-06-09T23:59:59.999998Z&end=2016-06-09T23:59:59.999999Z|",
        "start=2016-06-10T02:00:00%2B02:00&end=2016-06-10T02:00:00.5%2B02:00|B,b,c",
        "start=2010-01-01T00:00:00Z&end=2010-01-02T00:00:00Z|",
      })
  void findsARange(String range, @Nullable String ids) {
    assertFound(range, ids);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "event_type=Purchase|a,c",
        "event_type=purchase|b",
        "event_type=nothing|",
        "user_id=u1|a,b",
        "session_id=s1|a,B",
        "event_id=B|B",
        "event_id=twice|twice,twice",
        "user_id=u1&event_type=Purchase|a",
        "params.platform=ios|a",
        "params.platform=IOS|",
        "params.tags=y|a",
        "params.tags=z|b",
        "params.nested.deep.er=7|a",
        "params.nested.deep.er=7.0|",
        "params.flat.key=v|a,B",
        "params.sale.amount=12|a",
        "params.price=1.50|a",
        "params.price=1.5|",
        "params.paid=true|a",
        "params.precise=1e400|a",
        "params.long=1234567890123456789012345678901234567890|a",
        "params.note=caf%C3%A9+%2B+1%262|B",
        "params.platform=ios&params.tags=x|a",
        "params.platform=ios&params.tags=z|",
        "params.nothing=x|",
      })
  void findsWhatMatchesEveryFilter(String filter, @Nullable String ids) {
    assertFound(ALL + "&" + filter, ids);
  }

  @Test
  void ordersByTimeThenIdInBothDirections() {
    assertThat(ids(search(ALL + "&order=asc")))
        .containsExactly("a", "B", "b", "c", "d", "twice", "twice");
    assertThat(ids(search(ALL))).containsExactly("twice", "twice", "d", "c", "b", "B", "a");
    assertThat(ids(search(ALL + "&order=desc&limit=2"))).containsExactly("twice", "twice");
  }

  @ParameterizedTest
  @CsvSource({"1,asc", "2,asc", "3,desc", "7,asc", "8,desc"})
  void pagesThroughEachEventOnce(int limit, String order) {
    String question = ALL + "&order=" + order + "&limit=" + limit;
    List<String> found = new ArrayList<>();
    int pages = 0;
    Answer page = search(question);
    while (true) {
      found.addAll(ids(page));
      pages++;
      assertThat(page.json().path("total").asLong()).isEqualTo(EVENTS.size());
      JsonNode next = page.json().path("next_cursor");
      if (next.isNull()) {
        break;
      }
      page = search(question + "&cursor=" + next.asText());
    }
    List<String> expected = new ArrayList<>(List.of("a", "B", "b", "c", "d", "twice", "twice"));
    if (order.equals("desc")) {
      Collections.reverse(expected);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(pages).isEqualTo((EVENTS.size() + limit - 1) / limit);
  }

  @Test
  void goesOnWithAnotherLimitButNotWithOtherFilters() {
    String cursor = search(ALL + "&limit=2").json().path("next_cursor").asText();
    assertThat(ids(search(ALL + "&limit=3&cursor=" + cursor))).containsExactly("d", "c", "b");
    for (String other : List.of("&order=asc", "&event_type=login", "&params.a=b")) {
      Answer answer = api().get("/v1/events/search?" + ALL + other + "&cursor=" + cursor);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("code").asText()).isEqualTo("foreign_cursor");
      assertThat(answer.json().path("parameter").asText()).isEqualTo("cursor");
    }
  }

  @Test
  void showsAnEventWithEverythingItHas() {
    Answer answer = api().get("/v1/events/a");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"event_id\":\"a\",\"event_type\":\"Purchase\",\"ts\":\"2016-06-09T23:59:59.999999Z\","
                + "\"user_id\":\"u1\",\"session_id\":\"s1\",\"params\":{\"flat.key\":\"v\","
                + "\"long\":1234567890123456789012345678901234567890,"
                + "\"nested\":{\"deep\":{\"er\":7}},\"paid\":true,"
                + "\"place\":{\"lat\":1.5,\"lon\":-2},\"platform\":\"ios\",\"precise\":1e400,"
                + "\"price\":1.50,\"sale\":{\"amount\":12},\"seen\":1465484030,"
                + "\"tags\":[\"x\",\"y\"],\"technology\":\"4G\"},"
                + "\"fields\":{\"technology\":\"4G\",\"amount\":12,\"price\":1.5,\"paid\":true,"
                + "\"seen\":\"2016-06-09T14:53:50.000000Z\",\"place\":{\"lat\":1.5,\"lon\":-2.0}},"
                + "\"kafka\":{\"topic\":\"source\",\"partition\":0,\"offset\":0,"
                + "\"ts\":\"2026-09-21T14:13:20Z\"}}");
  }

  @Test
  void showsWhatAnEventDoesNotHaveAsNull() {
    JsonNode event = api().get("/v1/events/c").json();
    for (String absent : List.of("user_id", "session_id", "params")) {
      assertThat(event.has(absent)).isTrue();
      assertThat(event.path(absent).isNull()).as(absent).isTrue();
    }
    assertThat(event.path("fields").path("technology").isNull()).isTrue();
  }

  @Test
  void showsTheLatestEventOfAnIdThatIsOnTwoDays() {
    assertThat(api().get("/v1/events/twice").json().path("ts").asText())
        .isEqualTo("2016-06-14T10:00:00.000000Z");
  }

  @Test
  void saysHowFarTheIndexHasCome() {
    JsonNode before = api().get("/v1/events/count?" + ALL).json().path("meta");
    assertThat(before.path("source").asText()).isEqualTo("index");
    assertThat(before.path("took_ms").isIntegralNumber()).isTrue();
    index()
        .status(
            "{\"query\":\"index\",\"updated_at\":\"2026-01-01T00:00:01.000Z\",\"batch_id\":12,"
                + "\"complete_through\":\"2026-01-01T00:00:00.500Z\",\"data_version\":17}");
    await()
        .untilAsserted(
            () -> {
              JsonNode meta = api().get("/v1/events/count?" + ALL).json().path("meta");
              assertThat(meta.path("complete_through").asText())
                  .isEqualTo("2026-01-01T00:00:00.500Z");
              assertThat(meta.path("data_version").asLong()).isEqualTo(17);
              assertThat(meta.has("complete_through_reason")).isFalse();
            });
    index()
        .status(
            "{\"query\":\"index\",\"complete_through\":null,"
                + "\"complete_through_reason\":\"the job has just started\"}");
    await()
        .untilAsserted(
            () -> {
              JsonNode meta = api().get("/v1/events/count?" + ALL).json().path("meta");
              assertThat(meta.path("complete_through").isNull()).isTrue();
              assertThat(meta.path("complete_through_reason").asText())
                  .isEqualTo("the job has just started");
              assertThat(meta.path("data_version").isNull()).isTrue();
            });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "event_type=Purchase&start_time=1465516799&end_time=1465516799|1",
        "event_type=Purchase&start_time=1465516799&end_time=1465516800|2",
        "event_type=purchase&start_time=1465516800&end_time=1465516800|1",
        "event_type=purchase&start_time=0&end_time=999999999999&whatever=x|1",
        "event_type=nothing&start_time=0&end_time=1|0",
        "event_type=nothing&start_time=-5&end_time=1|0",
      })
  void countsForTheSeedsClients(String question, long count) {
    for (String slash : List.of("", "/")) {
      Answer answer = api().get("/getsocial/events/count" + slash + "?" + question);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .matches(
              "\\{\"result\":%d,\"status\":\"SUCCESS\",\"timeStamp\":\\d{13}}".formatted(count));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "start_time=1465516799&end_time=1465516800|a,B,b,c",
        "start_time=1465516800&end_time=1465516800|B,b,c",
        "start_time=1465516799&end_time=1465516799|a",
        "start_time=1465516799&end_time=1465516800&event_type=|a,B,b,c",
        "start_time=1465516799&end_time=1465516800&event_type=Purchase|a,c",
        "start_time=1465516799&end_time=1465516800&event_type=x&other=1|",
      })
  void findsForTheSeedsClients(String question, @Nullable String ids) {
    for (String slash : List.of("", "/")) {
      Answer answer = api().get("/getsocial/events/getallevents" + slash + "?" + question);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.texts("result", "id")).isEqualTo(list(ids));
      assertThat(answer.json().fieldNames())
          .toIterable()
          .containsExactly("result", "status", "timeStamp");
    }
  }

  @Test
  void showsAnEventAsTheSeedDid() {
    Answer answer =
        api().get("/getsocial/events/getallevents/?start_time=1465516800&end_time=1465516800");
    assertThat(answer.body())
        .startsWith(
            "{\"result\":[{\"event_type\":\"login\",\"id\":\"B\",\"params\":{\"flat\":{\"key\":\"v\"},"
                + "\"note\":\"caf\u00e9 + 1&2\"},\"ts\":1465516800},"
                + "{\"event_type\":\"purchase\",\"id\":\"b\",\"params\":{\"platform\":\"android\","
                + "\"tags\":\"z\"},\"ts\":1465516800},"
                + "{\"event_type\":\"Purchase\",\"id\":\"c\",\"params\":{},\"ts\":1465516800}]");
  }

  @Test
  void cutsTheSeedsAnswerAtTenThousandAndSaysSo() {
    List<String> many =
        IntStream.range(0, 10_001)
            .mapToObj(
                n -> "{\"event_id\":\"m%05d\",\"event_type\":\"many\",\"ts\":%d}".formatted(n, n))
            .toList();
    index().add(many);
    Answer cut =
        api().get("/getsocial/events/getallevents/?event_type=many&start_time=0&end_time=20000");
    assertThat(cut.texts("result", "id"))
        .isEqualTo(IntStream.range(0, 10_000).mapToObj("m%05d"::formatted).toList());
    assertThat(cut.json().path("truncated").asBoolean()).isTrue();
    assertThat(cut.json().path("total").asLong()).isEqualTo(10_001);
    Answer whole =
        api().get("/getsocial/events/getallevents/?event_type=many&start_time=1&end_time=20000");
    assertThat(whole.json().path("result")).hasSize(10_000);
    assertThat(whole.json().has("truncated")).isFalse();
  }

  @Test
  void cutsAPageThatWouldNotFitIntoMemoryAndGoesOn() {
    String text = "x".repeat(1_000_000);
    List<String> expected = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      String id = "large%02d".formatted(n);
      expected.add(id);
      index()
          .add(
              List.of(
                  "{\"event_id\":\"%s\",\"event_type\":\"large\",\"ts\":%d,\"text\":\"%s\"}"
                      .formatted(id, 1_000_000_000 + n, text)));
    }
    String question = "start=1000000000&end=1000001000&event_type=large&order=asc&limit=1000";
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = search(question + cursor);
      found.addAll(ids(page));
      JsonNode next = page.json().path("next_cursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.asText();
    } while (!cursor.isEmpty());
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void showsItsDescription() {
    Answer answer = api().get("/openapi.yaml");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/yaml");
    assertThat(answer.body()).startsWith("openapi: 3.1.0");
  }

  @Test
  void isReadyAndAlive() {
    Answer ready = api().admin("/healthcheck/ready");
    assertThat(ready.status()).as(ready.body()).isEqualTo(200);
    assertThat(ready.json().path("collect").asBoolean()).isTrue();
    assertThat(ready.json().path("query").asBoolean()).isTrue();
    assertThat(ready.json().path("checks").path("kafka").path("healthy").asBoolean()).isTrue();
    assertThat(api().admin("/healthcheck/live").status()).isEqualTo(200);
  }

  private static void assertFound(String question, @Nullable String ids) {
    List<String> expected = list(ids);
    Answer found = search(question + "&order=asc");
    assertThat(ids(found)).isEqualTo(expected);
    assertThat(found.json().path("total").asLong()).isEqualTo(expected.size());
    Answer counted = api().get("/v1/events/count?" + question);
    assertThat(counted.json().path("count").asLong()).isEqualTo(expected.size());
  }

  private static List<String> list(@Nullable String ids) {
    return ids == null ? List.of() : List.of(ids.split(","));
  }

  private static Answer search(String question) {
    Answer answer = api().get("/v1/events/search?" + question);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static List<String> ids(Answer answer) {
    return answer.texts("events", "event_id");
  }

  private static TestApi api() {
    return Objects.requireNonNull(started);
  }

  private static TestIndex index() {
    return Objects.requireNonNull(filled);
  }
}
