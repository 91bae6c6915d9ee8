package io.tributary.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0,                        0",
    "-0,                       0",
    "1465484030,               1465484030000000",
    "99999999999,              99999999999000000",
    "-99999999999,             -99999999999000000",
    "100000000000,             100000000000000",
    "99999999999999,           99999999999999000",
    "100000000000000,          100000000000000",
    "-100000000000000,         -100000000000000",
    "999999999999999999,       999999999999999999",
    "1465484030.123456,        1465484030123456",
    "1465484030.1234569,       1465484030123456",
    "99999999999.9999999,      99999999999999999",
    "100000000000.0004,        100000000000000",
    "100000000000.0005,        100000000000000",
    "100000000000.5,           100000000000500",
    "100000000000000.9,        100000000000000",
    "-0.0000001,               -1",
    "-1.5,                     -1500000",
    "-1.0000001,               -1000001",
    "0.0000009,                0",
    "1.46548403e9,             1465484030000000",
    "1465484030e0,             1465484030000000",
    "14654840300E-1,           1465484030000000",
    "1e-999999999999,          0",
    "1e999999999999,           9223372036854775807",
    "-1e99999999999999999999,  -9223372036854775808",
    "9223372036854775807,      9223372036854775807",
  })
  void numbersAreSecondsMillisecondsOrMicrosecondsByTheirSize(String literal, long micros) {
    assertThat(Timestamps.ofNumber(literal)).hasValue(micros);
    assertThat(Timestamps.ofText(literal)).hasValue(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "+1", "01", "00", "1.", ".1", "1e", "1e+", "0x1", "1_0", " 1", "1 ", "NaN", "١"
      })
  void otherTextsAreNoNumbers(String text) {
    assertThat(Timestamps.ofText(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2016-06-10T01:00:00Z,                 2016-06-10T01:00:00.000000Z",
    "2016-06-10T01:00:00,                  2016-06-10T01:00:00.000000Z",
    "2016-06-10T01:00,                     2016-06-10T01:00:00.000000Z",
    "2016-06-10T01:00+02,                  2016-06-09T23:00:00.000000Z",
    "2016-06-10T01:00:00.1234567Z,         2016-06-10T01:00:00.123456Z",
    "'2016-06-10T01:00:00,5Z',             2016-06-10T01:00:00.500000Z",
    "2016-06-10T01:00:00.999999999+0530,   2016-06-09T19:30:00.999999Z",
    "2016-06-10T01:00:00-03:30,            2016-06-10T04:30:00.000000Z",
    "2016-06-10T01:00:00+14:00,            2016-06-09T11:00:00.000000Z",
    "2016-06-10T01:00:00-18:00,            2016-06-10T19:00:00.000000Z",
    "2016-06-10T01:00:00-00:00,            2016-06-10T01:00:00.000000Z",
    "2016-02-29T23:59:59Z,                 2016-02-29T23:59:59.000000Z",
    "1969-12-31T23:59:59.999999Z,          1969-12-31T23:59:59.999999Z",
    "0000-01-01T00:00Z,                    0000-01-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999Z,          9999-12-31T23:59:59.999999Z",
    "2016-03-13T02:30:00,                  2016-03-13T02:30:00.000000Z",
    "2016-03-27T02:30:00,                  2016-03-27T02:30:00.000000Z",
    "2016-11-06T01:30:00,                  2016-11-06T01:30:00.000000Z",
  })
  void readsIso8601AlsoWhereLocalClocksJump(String text, String utc) {
    assertThat(Timestamps.isoMicros(Timestamps.ofIso(text).orElseThrow())).isEqualTo(utc);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2016-06-10",
        "2016-06-10 01:00:00",
        "2016-06-10t01:00:00Z",
        "2016-06-10T01:00:00z",
        "2016-06-10T01",
        "2016-06-10T01:00:60Z",
        "2016-06-30T23:59:60Z",
        "2016-06-10T24:00:00Z",
        "2016-06-10T01:60:00Z",
        "2016-02-30T01:00:00Z",
        "2015-02-29T01:00:00Z",
        "2016-13-01T01:00:00Z",
        "2016-00-01T01:00:00Z",
        "2016-01-00T01:00:00Z",
        "2016-06-10T01:00:00.Z",
        "2016-06-10T01:00:00+18:01",
        "2016-06-10T01:00:00+19",
        "2016-06-10T01:00:00+02:60",
        "2016-06-10T01:00:00+2",
        "2016-06-10T01:00:00+02:0",
        "2016-06-10T01:00:00+02:",
        "2016-06-10T01:00:00+02-00",
        "2016-06-10T01:00:00ZZ",
        "2016-06-10T01:00:00 02:00",
        "20160610T010000Z",
        "2016-W23-5T01:00:00Z",
        "+2016-06-10T01:00:00Z",
        "-2016-06-10T01:00:00Z",
        "2016-06-10T01:00:00Z[UTC]",
        "2016-06-10T01:00:0",
        "2016-06-10T01:00:",
        "2016-6-10T01:00:00Z0"
      })
  void refusesWhatIsNoDateAndTime(String text) {
    assertThat(Timestamps.ofText(text)).isEmpty();
  }

  @Test
  void writesAnyTime() {
    assertThat(Timestamps.isoMicros(-1)).isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThat(Timestamps.isoMicros(Timestamps.EARLIEST)).isEqualTo("0001-01-01T00:00:00.000000Z");
    assertThat(Timestamps.isoMicros(Timestamps.LATEST)).isEqualTo("9999-12-31T23:59:59.999999Z");
    assertThat(Timestamps.isoMicros(Timestamps.LATEST + 1))
        .isEqualTo("+10000-01-01T00:00:00.000000Z");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1000000",
    "007, 7000000",
    "99999999999, 99999999999000000",
    "100000000000, 100000000000000",
    "99999999999999, 99999999999999000",
    "1970-01-01T01:00:00+01:00, 0"
  })
  void readsQueryTimes(String text, long micros) throws InvalidTimeException {
    assertThat(QueryTime.parseMicros(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.5",
        "1e3",
        "now",
        "100000000000000",
        "-100000000000000",
        "99999999999999999999999",
        "2016-06-10",
        "2016-06-10T01:00:00 02:00"
      })
  void refusesOtherQueryTimes(String text) {
    assertThatExceptionOfType(InvalidTimeException.class)
        .isThrownBy(() -> QueryTime.parseMicros(text))
        .withMessageStartingWith("Invalid time: " + text)
        .withMessageEndingWith(".");
  }

  @Test
  void knowsItsDays() {
    long day = Timestamps.MICROS_PER_DAY;

    assertThat(new TimeRange(-1, day + 1).days())
        .containsExactly(
            LocalDate.parse("1969-12-31"), LocalDate.EPOCH, LocalDate.parse("1970-01-02"));
    assertThat(new TimeRange(0, day).days()).containsExactly(LocalDate.EPOCH);
    assertThat(new TimeRange(day, day).days()).isEmpty();
    assertThat(new TimeRange(day, day).isEmpty()).isTrue();
    assertThat(new TimeRange(0, Timestamps.LATEST).dayCount()).isEqualTo(2_932_897);
    assertThat(new TimeRange(0, 1).contains(1)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeRange(1, 0))
        .withMessage("Invalid time range: it starts at 1 and ends before, at 0 (microseconds).");
  }
}
