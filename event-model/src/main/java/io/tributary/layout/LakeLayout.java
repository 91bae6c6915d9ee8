package io.tributary.layout;

/** The tables of the lake and their columns. */
public final class LakeLayout {
  public static final String EVENTS = "events";
  public static final String EVENT_COUNTS = "event_counts";
  public static final String DEAD_LETTERS = "dead_letters";
  public static final String DUPLICATES = "duplicates";
  public static final String LEDGER = "ledger";

  public static final String EVENT_ID = "event_id";
  public static final String EVENT_TYPE = "event_type";
  public static final String TS = "ts";
  public static final String USER_ID = "user_id";
  public static final String SESSION_ID = "session_id";
  public static final String PARAMS = "params";
  public static final String DIGEST = "digest";
  public static final String KAFKA_TOPIC = "kafka_topic";
  public static final String KAFKA_PARTITION = "kafka_partition";
  public static final String KAFKA_OFFSET = "kafka_offset";
  public static final String KAFKA_TS = "kafka_ts";

  /** Partition columns, taken from {@code ts} in UTC. */
  public static final String YEAR = "year";

  public static final String MONTH = "month";
  public static final String DAY = "day";
  public static final String HOUR = "hour";

  /** Columns of {@link #EVENT_COUNTS} besides the event type, the dimensions and the partition. */
  public static final String WINDOW_START = "window_start";

  public static final String COUNT = "count";
  public static final String EVENTS_VERSION = "events_version";

  /** Columns of {@link #DEAD_LETTERS}. */
  public static final String REASON = "reason";

  public static final String DETAIL = "detail";
  public static final String STAGE = "stage";
  public static final String RAW = "raw";
  public static final String RAW_LENGTH = "raw_length";
  public static final String RAW_SHA256 = "raw_sha256";
  public static final String SOURCE_FILE = "source_file";
  public static final String SOURCE_LINE = "source_line";
  public static final String RESOLVED_BY = "resolved_by";

  /** The UTC day of the Kafka timestamp, of {@link #DEAD_LETTERS} and {@link #DUPLICATES}. */
  public static final String DATE = "date";

  /** The column of {@link #LEDGER} that says what a row is about. */
  public static final String KIND = "kind";

  /** Columns of {@link #LEDGER}; which of them a row fills depends on its kind. */
  public static final String AT = "at";

  public static final String RUN = "run";
  public static final String QUERY = "query";
  public static final String BATCH = "batch";
  public static final String VERSION = "version";
  public static final String TOPIC = "topic";
  public static final String FROM_OFFSET = "from_offset";
  public static final String UNTIL_OFFSET = "until_offset";
  public static final String RECORDS = "records";
  public static final String ROWS = "rows";
  public static final String LOST = "lost";
  public static final String LAKE_COUNT = "lake_count";
  public static final String LAKE_D0 = "lake_d0";
  public static final String LAKE_D1 = "lake_d1";
  public static final String LAKE_D2 = "lake_d2";
  public static final String INDEX_COUNT = "index_count";
  public static final String INDEX_D0 = "index_d0";
  public static final String INDEX_D1 = "index_d1";
  public static final String INDEX_D2 = "index_d2";
  public static final String INDEX_REJECTED = "index_rejected";

  private LakeLayout() {}

  /** The path of a table under the root, which is a URI with or without a trailing slash. */
  public static String table(String lakeRoot, String table) {
    return lakeRoot.endsWith("/") ? lakeRoot + table : lakeRoot + "/" + table;
  }
}
