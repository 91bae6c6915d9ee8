package io.tributary.benchmark;

import java.util.List;

/** What is measured. */
enum Figure {
  /** Plain Spark Structured Streaming: Kafka, from_json, Delta. */
  BARE_DELTA("bare_delta", true, false),
  /** The official client's bulk requests of ready documents. */
  BARE_BULK("bare_bulk", false, true),
  /** The lake query of the streaming job alone. */
  LAKE("lake", true, false),
  /** The index query of the streaming job alone. */
  INDEX("index", false, true),
  /** The streaming job as it is shipped. */
  BOTH("both", true, true);

  private final String code;
  private final boolean fillsLake;
  private final boolean fillsIndex;

  Figure(String code, boolean fillsLake, boolean fillsIndex) {
    this.code = code;
    this.fillsLake = fillsLake;
    this.fillsIndex = fillsIndex;
  }

  /** Its name in reports. */
  String code() {
    return code;
  }

  boolean fillsLake() {
    return fillsLake;
  }

  boolean fillsIndex() {
    return fillsIndex;
  }

  /** The streaming job's queries that it runs; none for what is bare. */
  List<String> queries() {
    return switch (this) {
      case BARE_DELTA, BARE_BULK -> List.of();
      case LAKE -> List.of("lake");
      case INDEX -> List.of("index");
      case BOTH -> List.of("lake", "index");
    };
  }
}
