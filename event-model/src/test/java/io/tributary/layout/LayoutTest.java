package io.tributary.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.event.CanonicalJson;
import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.event.TypedField.Type;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
  private final IndexLayout layout = new IndexLayout();
  private final IndexSettings settings = new IndexSettings(1, 0, "1s");

  private static String canonical(String json) throws Exception {
    return CanonicalJson.canonical(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void namesIndicesByDayAndMonth() {
    assertThat(layout.eventsIndex(LocalDate.parse("2016-06-10"))).isEqualTo("events-2016.06.10");
    assertThat(layout.countsIndex(YearMonth.of(2016, 6))).isEqualTo("event-counts-2016.06");
    assertThat(layout.statusIndex()).isEqualTo("tributary-status");
    assertThat(new IndexLayout("t1-").eventsPattern()).isEqualTo("t1-events-*");
    assertThatIllegalArgumentException().isThrownBy(() -> new IndexLayout("*"));
  }

  @Test
  void tellsItsIndicesFromThoseOfOthers() {
    IndexLayout prefixed = new IndexLayout("t1-");

    assertThat(prefixed.eventsDay("t1-events-2016.06.10")).contains(LocalDate.parse("2016-06-10"));
    assertThat(List.of("t1-event-counts-2016.06", "t1-tributary-status"))
        .allMatch(prefixed::isOurs)
        .allMatch(index -> prefixed.eventsDay(index).isEmpty());
    assertThat(
            List.of(
                "events-2016.06.10",
                "t1-events-2016.06",
                "t1-events-2016.06.31",
                "t1-events-0000.01.01",
                "t1-events-+10000.01.01",
                "t1-events-app-2016.06.10",
                "t1-event-counts-2016.13",
                "t1-event-counts-2016.06.10",
                "t1-tributary-status-2"))
        .noneMatch(prefixed::isOurs);
  }

  @Test
  void namesTheIndicesOfARangeUntilThereAreTooMany() {
    long day = Timestamps.MICROS_PER_DAY;

    assertThat(layout.eventsIndices(new TimeRange(0, day + 1)))
        .containsExactly("events-1970.01.01", "events-1970.01.02");
    assertThat(layout.eventsIndices(new TimeRange(0, 60 * day))).hasSize(60);
    assertThat(layout.eventsIndices(new TimeRange(0, 60 * day + 1))).containsExactly("events-*");
    assertThat(layout.eventsIndices(new TimeRange(5, 5))).isEmpty();
  }

  @Test
  void putsEveryTypeOfFieldIntoTheTemplate() throws Exception {
    List<TypedField> fields =
        Arrays.stream(Type.values())
            .map(type -> new TypedField("f_" + type.code(), "x", type))
            .toList();

    assertThat(canonical(layout.eventsTemplate(fields, settings)))
        .contains("\"index_patterns\":[\"events-*\"]")
        .contains("\"refresh_interval\":\"1s\"")
        .contains("\"dynamic\":false")
        .contains("\"params\":{\"depth_limit\":25,\"ignore_above\":8191,\"type\":\"flattened\"}")
        .contains("\"ts_micros\":{\"type\":\"long\"}")
        .contains("\"d2\":{\"index\":false,\"type\":\"integer\"}")
        .contains("\"f_string\":{\"ignore_above\":8191,\"type\":\"keyword\"}")
        .contains("\"f_timestamp\":{\"format\":\"strict_date_optional_time\",\"type\":\"date\"}")
        .contains("\"f_geo_point\":{\"type\":\"geo_point\"}");
    assertThat(canonical(layout.countsTemplate(List.of("platform"), settings)))
        .contains("\"index_patterns\":[\"event-counts-*\"]")
        .contains("\"platform\":{\"ignore_above\":8191,\"type\":\"keyword\"}");
    assertThat(canonical(layout.statusTemplate(settings)))
        .contains("\"index_patterns\":[\"tributary-status\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "0s", "-2", "1s\""})
  void refusesRefreshIntervalsThatAreNone(String interval) {
    assertThatIllegalArgumentException().isThrownBy(() -> new IndexSettings(1, 0, interval));
  }

  @Test
  void writesTheDocumentOfAnEvent() {
    Event event = new Event("i\"", "t", 1_465_484_030_123_456L, "u", null, "{\"n\":1e400}");
    List<TypedField> fields =
        List.of(
            new TypedField("s", "s", Type.STRING),
            new TypedField("l", "l", Type.LONG),
            new TypedField("absent", "a", Type.DOUBLE),
            new TypedField("at", "at", Type.TIMESTAMP),
            new TypedField("place", "place", Type.GEO_POINT));
    @Nullable Object[] values = {"a\n", 5L, null, 0L, new GeoPoint(1.5, -2)};

    assertThat(
            IndexDocument.json(
                event,
                1L << 42 | 2L << 21 | 3,
                fields,
                values,
                new Provenance.Kafka("events", 1, 2, 1_465_484_030_000L)))
        .isEqualTo(
            "{\"event_id\":\"i\\\"\",\"event_type\":\"t\",\"ts\":\"2016-06-09T14:53:50.123456Z\","
                + "\"ts_micros\":1465484030123456,\"user_id\":\"u\",\"params\":{\"n\":1e400},"
                + "\"s\":\"a\\n\",\"l\":5,\"at\":\"1970-01-01T00:00:00.000000Z\","
                + "\"place\":{\"lat\":1.5,\"lon\":-2.0},\"d0\":3,\"d1\":2,\"d2\":1,"
                + "\"kafka_topic\":\"events\",\"kafka_partition\":1,\"kafka_offset\":2,"
                + "\"kafka_ts\":\"2016-06-09T14:53:50.000000Z\"}");
  }

  @Test
  void findsTablesUnderAnyRoot() {
    assertThat(LakeLayout.table("s3a://bucket/lake", LakeLayout.EVENTS))
        .isEqualTo(LakeLayout.table("s3a://bucket/lake/", LakeLayout.EVENTS))
        .isEqualTo("s3a://bucket/lake/events");
  }
}
