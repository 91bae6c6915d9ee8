package io.tributary.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.api.TestApi.Answer;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Every bad request gets a 4xx that says why, and harms no request after it")
class BadRequestIT {
  private static final String GOOD = "{\"event_type\":\"a\",\"ts\":1}";
  private static @Nullable TestApi started;

  @BeforeAll
  static void start() {
    LocalStack stack = SharedLocalStack.running();
    started = TestApi.start(stack.kafka(), stack.elasticsearch());
  }

  @AfterAll
  static void stop() {
    api().close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"badQueries", "badBodies", "badPaths"})
  void isRefused(Case bad) {
    Answer answer = bad.send.apply(api());
    assertThat(answer.status()).as(answer.body()).isEqualTo(bad.status);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("code").asText()).isEqualTo(bad.code);
    assertThat(answer.json().path("status").asInt()).isEqualTo(bad.status);
    assertThat(answer.json().path("detail").asText()).contains(bad.detail);
    for (String member : List.of("type", "title", "detail", "remedy")) {
      assertThat(answer.json().path(member).asText()).as(member).isNotBlank();
    }
    assertThat(answer.body()).doesNotContain("Exception", "\\tat ", "<html");
    assertHealthy();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badEvents")
  void isRefusedEventByEvent(Case bad) {
    Answer answer = bad.send.apply(api());
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.json().path("accepted").asInt()).isZero();
    assertThat(answer.texts("rejected", "reason")).containsExactly(bad.code);
    assertThat(answer.texts("rejected", "detail").get(0)).isNotBlank();
    assertHealthy();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSeedRequests")
  void isRefusedInTheSeedsShape(Case bad) {
    Answer answer = bad.send.apply(api());
    assertThat(answer.status()).as(answer.body()).isEqualTo(bad.status);
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(answer.json().fieldNames())
        .toIterable()
        .containsExactly("status", "timeStamp", "reason");
    assertThat(answer.json().path("status").asText()).isEqualTo("FAILURE");
    assertThat(answer.json().path("timeStamp").isIntegralNumber()).isTrue();
    assertThat(answer.json().path("reason").asText()).contains(bad.detail);
    assertHealthy();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/%FF HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/a%2Fb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/..%2F..%2Fx HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/count?start=%zz&end=2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/count?start=%FF&end=2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/events/count?start={1}&end=|2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET /v1/events HTTP/1.1\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: -1\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\n\r\n{\"event_type\":\"a\",\"ts\":1}",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: nonsense\r\nContent-Length: 2\r\n"
            + "Connection: close\r\n\r\n{}",
        "GET /v1/events/count HTTP/1.1\r\nHost: a\r\nAccept: ,;nonsense\r\nConnection: close\r\n\r\n",
      })
  void whatIsNotEvenHttpIsRefusedWithAProblem(String request) {
    String answer = api().raw(request);
    assertThat(answer).matches("(?s)HTTP/1\\.1 (4\\d\\d|505) .*");
    assertThat(answer).contains("application/problem+json").contains("\"remedy\":");
    assertThat(answer).doesNotContain("<html", "Exception", "\tat ");
    assertHealthy();
  }

  @Test
  void anIdInTheQueryMayHoldASlash() {
    assertThat(api().get("/v1/events/search?start=0&end=1&event_id=a%2Fb").status()).isEqualTo(200);
  }

  static Stream<Case> badQueries() {
    String filters = "/v1/events/count?";
    String search = "/v1/events/search?start=0&end=10&";
    return Stream.of(
        get("a text for a time", filters + "start=yesterday&end=2", "invalid_parameter", "start"),
        get("a decimal time", filters + "start=1.5&end=2", "invalid_parameter", "1.5"),
        get("an empty time", filters + "start=&end=2", "invalid_parameter", "start"),
        get(
            "a date without time",
            filters + "start=2016-06-10&end=2",
            "invalid_parameter",
            "start"),
        get("a leap second", filters + "start=2016-06-10T23:59:60Z&end=2", "invalid_parameter", ""),
        get(
            "a time in microseconds",
            filters + "start=0&end=100000000000000",
            "invalid_parameter",
            "end"),
        get(
            "a time that overflows",
            filters + "start=0&end=99999999999999999999",
            "invalid_parameter",
            "end"),
        get("NUL as a time", filters + "start=%00&end=2", "invalid_parameter", "start"),
        get("start after end", filters + "start=3&end=2", "reversed_range", "start lies after end"),
        get("no start", filters + "end=2", "missing_parameter", "start"),
        get("no end", filters + "start=2", "missing_parameter", "end"),
        get("no parameters", "/v1/events/search", "missing_parameter", "start"),
        get(
            "an unknown parameter",
            filters + "start=1&end=2&evnt_type=a",
            "unknown_parameter",
            "evnt_type"),
        get("a page of a count", filters + "start=1&end=2&limit=5", "unknown_parameter", "limit"),
        get(
            "a parameter in the wrong case",
            filters + "Start=1&end=2",
            "unknown_parameter",
            "Start"),
        get("two starts", filters + "start=1&start=1&end=2", "repeated_parameter", "start"),
        get(
            "two values of one path",
            search + "params.a=1&params.a=2",
            "repeated_parameter",
            "params.a"),
        get(
            "an empty type",
            filters + "start=1&end=2&event_type=",
            "invalid_parameter",
            "event_type"),
        get(
            "params without a path",
            filters + "start=1&end=2&params.=x",
            "invalid_parameter",
            "params."),
        get("NUL in an id", search + "event_id=a%00b", "invalid_parameter", "event_id"),
        get(
            "an id that is too long",
            search + "event_id=" + "x".repeat(129),
            "invalid_parameter",
            "event_id"),
        get(
            "half a percent sign",
            filters + "start=1&end=2&user_id=%C3",
            "malformed_query",
            "UTF-8"),
        get("limit 0", search + "limit=0", "invalid_parameter", "limit"),
        get("limit 1001", search + "limit=1001", "invalid_parameter", "limit"),
        get("a negative limit", search + "limit=-1", "invalid_parameter", "limit"),
        get("a text for a limit", search + "limit=ten", "invalid_parameter", "limit"),
        get("a limit that overflows", search + "limit=4294967297", "invalid_parameter", "limit"),
        get("an unknown order", search + "order=up", "invalid_parameter", "order"),
        get("an order in capitals", search + "order=ASC", "invalid_parameter", "order"),
        get("a broken cursor", search + "cursor=abc", "broken_cursor", "cursor"),
        get("an empty cursor", search + "cursor=", "broken_cursor", "cursor"),
        get("a parameter of a route without", "/v1/events/abc?x=1", "unknown_parameter", "x"));
  }

  static Stream<Case> badBodies() {
    byte[] half = Arrays.copyOf(gzip(GOOD.getBytes(UTF_8)), 20);
    byte[] bomb = gzip(new byte[50_000_000]);
    return Stream.of(
        post("no content type", "", GOOD, 415, "unsupported_media_type", "no Content-Type"),
        post(
            "a wrong content type",
            "text/plain",
            GOOD,
            415,
            "unsupported_media_type",
            "text/plain"),
        post(
            "a form",
            "application/x-www-form-urlencoded",
            "a=b",
            415,
            "unsupported_media_type",
            "x-www-form-urlencoded"),
        post(
            "another character set",
            "application/json; charset=utf-16",
            GOOD,
            415,
            "unsupported_media_type",
            "utf-16"),
        post(
            "an unknown encoding",
            TestApi.JSON,
            GOOD,
            415,
            "unsupported_encoding",
            "br",
            "Content-Encoding",
            "br"),
        post("an empty body", TestApi.JSON, "", 400, "empty_body", ""),
        post("white space", TestApi.LINES, " \n \r\n", 400, "empty_body", ""),
        post("an empty array", TestApi.JSON, "[]", 400, "empty_body", ""),
        post(
            "an array that is not closed",
            TestApi.JSON,
            "[" + GOOD,
            400,
            "malformed_body",
            "not closed"),
        post(
            "an array that ends after a comma",
            TestApi.JSON,
            "[" + GOOD + ",]",
            400,
            "malformed_body",
            "nothing before byte"),
        post(
            "an object that is not closed",
            TestApi.JSON,
            "{\"event_type\":\"a\"",
            400,
            "malformed_body",
            "not closed"),
        post(
            "lines sent as one object",
            TestApi.JSON,
            GOOD + "\n" + GOOD,
            400,
            "malformed_body",
            "x-ndjson"),
        post("a text", TestApi.JSON, "\"hello\"", 400, "malformed_body", "neither { nor ["),
        post(
            "UTF-16",
            TestApi.JSON,
            GOOD.getBytes(UTF_16),
            400,
            "malformed_body",
            "neither { nor ["),
        post(
            "half a gzip",
            TestApi.JSON,
            half,
            400,
            "malformed_gzip",
            "ends too early",
            "Content-Encoding",
            "gzip"),
        post(
            "no gzip at all",
            TestApi.JSON,
            GOOD,
            400,
            "malformed_gzip",
            "not a gzip stream",
            "Content-Encoding",
            "gzip"),
        post(
            "an empty gzip body",
            TestApi.JSON,
            "",
            400,
            "malformed_gzip",
            "ends too early",
            "Content-Encoding",
            "gzip"),
        post(
            "a gzip bomb",
            TestApi.JSON,
            bomb,
            413,
            "body_too_large",
            "10485760",
            "Content-Encoding",
            "gzip"),
        post(
            "a body that is too large",
            TestApi.JSON,
            new byte[10_485_761],
            413,
            "body_too_large",
            "10485760"),
        post(
            "10,001 events",
            TestApi.LINES,
            (GOOD + "\n").repeat(10_001),
            413,
            "too_many_events",
            "10000"),
        post(
            "10,001 elements",
            TestApi.JSON,
            "[" + (GOOD + ",").repeat(10_000) + GOOD + "]",
            413,
            "too_many_events",
            "10000"),
        post(
            "an empty key",
            TestApi.JSON,
            GOOD,
            400,
            "invalid_idempotency_key",
            "1 to 255",
            "Idempotency-Key",
            ""),
        post(
            "a long key",
            TestApi.JSON,
            GOOD,
            400,
            "invalid_idempotency_key",
            "1 to 255",
            "Idempotency-Key",
            "k".repeat(256)),
        post(
            "two keys",
            TestApi.JSON,
            GOOD,
            400,
            "invalid_idempotency_key",
            "more than once",
            "Idempotency-Key",
            "a",
            "Idempotency-Key",
            "b"));
  }

  static Stream<Case> badPaths() {
    return Stream.of(
        bad("an unknown path", api -> api.get("/v2/events"), 404, "not_found", "No such path"),
        bad("the root", api -> api.get("/"), 404, "not_found", "No such path"),
        bad("a path below an event", api -> api.get("/v1/events/a/b"), 404, "not_found", ""),
        bad(
            "an id that is not there",
            api -> api.get("/v1/events/nobody"),
            404,
            "event_not_found",
            "nobody"),
        bad(
            "a control character as an id",
            api -> api.get("/v1/events/a%01b"),
            400,
            "bad_request",
            ""),
        bad(
            "POST to count",
            api -> api.method("POST", "/v1/events/count"),
            405,
            "method_not_allowed",
            ""),
        bad(
            "GET of what takes events",
            api -> api.get("/v1/events"),
            405,
            "method_not_allowed",
            ""),
        bad("DELETE", api -> api.method("DELETE", "/v1/events"), 405, "method_not_allowed", ""),
        bad("PATCH", api -> api.method("PATCH", "/v1/events/a"), 405, "method_not_allowed", ""),
        bad(
            "a huge URL",
            api -> api.get("/v1/events/count?user_id=" + "x".repeat(20_000)),
            414,
            "uri_too_long",
            ""),
        bad(
            "huge headers",
            api -> api.post(TestApi.JSON, GOOD, "X-Large", "x".repeat(20_000)),
            431,
            "headers_too_large",
            ""),
        bad(
            "a parameter beside a body",
            api -> api.method("POST", "/v1/events?a=b"),
            400,
            "unknown_parameter",
            "a"));
  }

  static Stream<Case> badEvents() {
    return Stream.of(
        event("not an object", "[7]", "not_an_object"),
        event("not JSON", "[{\"event_type\":a}]", "not_json"),
        event("no type", "{\"ts\":1}", "missing_event_type"),
        event("no time", "{\"event_type\":\"a\"}", "missing_ts"),
        event("a text for a time", "{\"event_type\":\"a\",\"ts\":\"soon\"}", "invalid_ts"),
        event("a time before 1970", "{\"event_type\":\"a\",\"ts\":-1}", "ts_out_of_range"),
        event("a time that overflows", "{\"event_type\":\"a\",\"ts\":1e300}", "ts_out_of_range"),
        event(
            "a time in the future", "{\"event_type\":\"a\",\"ts\":99999999999}", "ts_out_of_range"),
        event(
            "NUL in an id",
            "{\"event_id\":\"a\\u0000\",\"event_type\":\"a\",\"ts\":1}",
            "invalid_event_id"),
        event(
            "a number as an id",
            "{\"event_id\":1,\"event_type\":\"a\",\"ts\":1}",
            "invalid_event_id"),
        event("two types", "{\"event_type\":\"a\",\"event_type\":\"b\",\"ts\":1}", "duplicate_key"),
        event(
            "two ids, one of them null",
            "{\"event_id\":null,\"event_id\":null,\"event_type\":\"a\",\"ts\":1}",
            "duplicate_key"),
        event("half a surrogate pair", "{\"event_type\":\"\\ud83d\",\"ts\":1}", "invalid_unicode"),
        event(
            "a list as params", "{\"event_type\":\"a\",\"ts\":1,\"params\":[]}", "invalid_params"),
        bad(
            "invalid UTF-8",
            api ->
                api.post(TestApi.JSON, "{\"event_type\":\"\u00ff\",\"ts\":1}".getBytes(ISO_8859_1)),
            400,
            "invalid_utf8",
            ""),
        event(
            "JSON of depth 10,000",
            "{\"event_type\":\"a\",\"ts\":1,\"params\":{\"a\":"
                + "[".repeat(10_000)
                + "]".repeat(10_000)
                + "}}",
            "too_deep"));
  }

  static Stream<Case> badSeedRequests() {
    String count = "/getsocial/events/count/?";
    String all = "/getsocial/events/getallevents/?";
    return Stream.of(
        get("no type", count + "start_time=1&end_time=2", "", "event_type"),
        get("a blank type", count + "event_type=%20&start_time=1&end_time=2", "", "event_type"),
        get("no start", count + "event_type=a&end_time=2", "", "start_time"),
        get("no end", all + "start_time=2", "", "end_time"),
        get("a text for a time", all + "start_time=a&end_time=2", "", "start_time"),
        get("a decimal time", all + "start_time=1.5&end_time=2", "", "1.5"),
        get("an ISO time", all + "start_time=2016-06-10T00:00:00Z&end_time=2", "", "start_time"),
        get(
            "a time that overflows",
            all + "start_time=1&end_time=9223372036854775807",
            "",
            "end_time"),
        get("start after end", all + "start_time=3&end_time=2", "", "start_time lies after"),
        get("two starts", all + "start_time=3&start_time=3&end_time=4", "", "start_time"),
        bad("an unknown path", api -> api.get("/getsocial/events/nothing/"), 404, "", "No such"),
        bad("POST", api -> api.method("POST", "/getsocial/events/count/"), 405, "", "method"));
  }

  private static void assertHealthy() {
    assertThat(api().get("/v1/events/count?start=0&end=10").status()).isEqualTo(200);
    assertThat(api().post(TestApi.JSON, GOOD).status()).isEqualTo(202);
  }

  private static TestApi api() {
    return Objects.requireNonNull(started);
  }

  private static Case bad(
      String name, Function<TestApi, Answer> send, int status, String code, String detail) {
    return new Case(name, send, status, code, detail);
  }

  private static Case get(String name, String path, String code, String detail) {
    return bad(name, api -> api.get(path), 400, code, detail);
  }

  private static Case event(String name, String body, String code) {
    return bad(name, api -> api.post(TestApi.JSON, body), 400, code, "");
  }

  private static Case post(
      String name,
      String contentType,
      String body,
      int status,
      String code,
      String detail,
      String... headers) {
    return post(name, contentType, body.getBytes(UTF_8), status, code, detail, headers);
  }

  private static Case post(
      String name,
      String contentType,
      byte[] body,
      int status,
      String code,
      String detail,
      String... headers) {
    return bad(name, api -> api.post(contentType, body, headers), status, code, detail);
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(body);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return zipped.toByteArray();
  }

  /** A request, and how it is refused. */
  record Case(String name, Function<TestApi, Answer> send, int status, String code, String detail) {
    @Override
    public String toString() {
      return name;
    }
  }
}
