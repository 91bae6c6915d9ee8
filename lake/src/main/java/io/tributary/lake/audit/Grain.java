package io.tributary.lake.audit;

/** Into what pieces of event time a comparison cuts. */
enum Grain {
  HOUR(3_600_000_000L, "1h"),
  MINUTE(60_000_000L, "1m");

  private final long micros;
  private final String interval;

  Grain(long micros, String interval) {
    this.micros = micros;
    this.interval = interval;
  }

  /** Its length in microseconds. */
  long micros() {
    return micros;
  }

  /** Its length as Elasticsearch writes it. */
  String interval() {
    return interval;
  }

  /** The start of the piece that a time lies in, microseconds since the epoch. */
  long start(long micros) {
    return micros - Math.floorMod(micros, this.micros);
  }
}
