package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.Provenance;
import io.tributary.time.Timestamps;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class EventGeneratorProperties {
  private static final long START = Timestamps.ofIso("2025-03-10T09:00:00Z").orElseThrow();
  private static final long RECEIVED_MILLIS =
      Timestamps.ofIso("2025-03-11T00:00:00Z").orElseThrow() / 1_000;

  @Property(tries = 20)
  void whatIsExpectedIsWhatTheDecoderAndTheIdentitySay(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 0.5) double duplicates,
      @ForAll @DoubleRange(min = 0, max = 0.5) double malformed,
      @ForAll @DoubleRange(min = 0, max = 1) double withoutId) {
    ExpectedEnds ends = new ExpectedEnds();
    GeneratorSettings settings =
        new GeneratorSettings(seed, START, 250_000, duplicates, 0.1, malformed, withoutId);
    long[] offset = {0};

    EventGenerator.stream(settings, 2_000)
        .forEach(
            record -> {
              Expectation declared = record.expectation();
              Expectation decided =
                  ends.next(
                          record.outgoing().value(),
                          new Provenance.Kafka("events", 0, offset[0]++, RECEIVED_MILLIS))
                      .expectation();
              assertThat(decided.end()).isEqualTo(declared.end());
              assertThat(decided.reason()).isEqualTo(declared.reason());
              if (declared.eventId() != null) {
                assertThat(decided.eventId()).isEqualTo(declared.eventId());
              }
            });
  }
}
