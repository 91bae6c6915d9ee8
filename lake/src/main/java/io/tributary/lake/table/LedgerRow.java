package io.tributary.lake.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.RangeDigest;
import io.tributary.layout.LakeLayout;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the ledger: what somebody did or found at a time. The table is wide and a row fills
 * the columns that its kind has; hence a map of columns, and a factory for every kind.
 *
 * @param at when it was done or found
 * @param values by column name; columns that are absent are null in the table
 */
public record LedgerRow(Kind kind, Instant at, Map<String, Object> values) {
  private static final JsonMapper JSON = new JsonMapper();

  /** What a row is about. */
  public enum Kind {
    /** A batch of the lake query, with its accounting. */
    LAKE_BATCH,
    /** A batch of the index query. */
    INDEX_BATCH,
    /** Count and digest of an hour of events, in the lake and in the index. */
    HOUR,
    /** Offsets that Kafka lost before they were read. */
    GAP,
    /** Documents that were made, replaced or deleted to make the index equal to the lake. */
    REPAIR,
    /** The start or the end of a job. */
    RUN,
    /** Offsets that the index query left to be filled from the lake, or that were filled since. */
    OWED;

    /** The kind in the table, for example {@code lake_batch}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public LedgerRow {
    values = Map.copyOf(values);
  }

  /**
   * A batch of the lake query; ranges, letters by reason and misfits are in the detail.
   *
   * @param version of {@code events} in which its rows are
   * @param lost offsets of its ranges that Kafka had no longer
   */
  public static LedgerRow lakeBatch(Instant at, StreamCommit commit, long version, long lost) {
    return new Values()
        .put(LakeLayout.QUERY, commit.query())
        .put(LakeLayout.BATCH, commit.batch())
        .put(LakeLayout.VERSION, version)
        .put(LakeLayout.RECORDS, commit.read())
        .put(LakeLayout.ROWS, commit.rows())
        .put(LakeLayout.DUPLICATES, commit.duplicates())
        .put(LakeLayout.DEAD_LETTERS, commit.letters())
        .put(LakeLayout.LOST, lost)
        .put(LakeLayout.DETAIL, commit.json())
        .row(Kind.LAKE_BATCH, at);
  }

  /**
   * A batch of the index query.
   *
   * @param ranges what it spanned
   * @param records records read
   * @param accepted events among them, each a document or refused
   * @param refused documents that Elasticsearch refused for their content
   */
  public static LedgerRow indexBatch(
      Instant at, long batch, List<OffsetRange> ranges, long records, long accepted, long refused) {
    return new Values()
        .put(LakeLayout.QUERY, "index")
        .put(LakeLayout.BATCH, batch)
        .put(LakeLayout.RECORDS, records)
        .put(LakeLayout.ROWS, accepted)
        .put(LakeLayout.INDEX_REJECTED, refused)
        .put(LakeLayout.DETAIL, json(Map.of("offsets", ranges)))
        .row(Kind.INDEX_BATCH, at);
  }

  /**
   * An hour of events, counted on both sides.
   *
   * @param run the job that counted; null for the stream
   * @param query who counted, for example {@code audit}
   * @param rejected letters of stage index that explain rows without a document
   */
  public static LedgerRow hour(
      Instant at,
      @Nullable String run,
      String query,
      Instant hour,
      RangeDigest lake,
      RangeDigest index,
      long rejected) {
    return new Values()
        .putIfPresent(LakeLayout.RUN, run)
        .put(LakeLayout.QUERY, query)
        .put(LakeLayout.HOUR, micros(hour))
        .put(LakeLayout.LAKE_COUNT, lake.count())
        .put(LakeLayout.LAKE_D0, lake.d0())
        .put(LakeLayout.LAKE_D1, lake.d1())
        .put(LakeLayout.LAKE_D2, lake.d2())
        .put(LakeLayout.INDEX_COUNT, index.count())
        .put(LakeLayout.INDEX_D0, index.d0())
        .put(LakeLayout.INDEX_D1, index.d1())
        .put(LakeLayout.INDEX_D2, index.d2())
        .put(LakeLayout.INDEX_REJECTED, rejected)
        .row(Kind.HOUR, at);
  }

  /**
   * Offsets of one partition that Kafka no longer had when a query came to them.
   *
   * @param query which query missed them
   * @param reason a sentence for people
   */
  public static LedgerRow gap(Instant at, String query, OffsetRange lost, String reason) {
    return range(query, lost)
        .put(LakeLayout.LOST, lost.size())
        .put(LakeLayout.DETAIL, json(Map.of("reason", reason)))
        .row(Kind.GAP, at);
  }

  /**
   * Offsets of one partition that the index query left out, or that have been filled from the lake.
   *
   * @param state {@code owed} or {@code filled}
   * @param reason a sentence for people
   */
  public static LedgerRow owed(Instant at, OffsetRange range, String state, String reason) {
    return range("index", range)
        .put(LakeLayout.DETAIL, json(Map.of("state", state, "reason", reason)))
        .row(Kind.OWED, at);
  }

  /**
   * A debt of the index: a row for each range, or one without offsets where they do not say what is
   * owed.
   *
   * @param state whether it is owed or filled
   */
  public static List<LedgerRow> owed(
      Instant at, List<OffsetRange> ranges, String state, String reason) {
    if (ranges.isEmpty()) {
      return List.of(
          new Values()
              .put(LakeLayout.QUERY, "index")
              .put(LakeLayout.DETAIL, json(Map.of("state", state, "reason", reason)))
              .row(Kind.OWED, at));
    }
    return ranges.stream().map(range -> owed(at, range, state, reason)).toList();
  }

  /**
   * What was done to the index in an hour.
   *
   * @param run the job that did it; null for the stream
   * @param query who did it, for example {@code audit} or {@code reindex}
   * @param written documents made or replaced
   * @param refused documents that Elasticsearch refused for their content
   * @param detail more, as JSON can hold it
   */
  public static LedgerRow repair(
      Instant at,
      @Nullable String run,
      String query,
      Instant hour,
      long written,
      long refused,
      Map<String, ?> detail) {
    return new Values()
        .putIfPresent(LakeLayout.RUN, run)
        .put(LakeLayout.QUERY, query)
        .put(LakeLayout.HOUR, micros(hour))
        .put(LakeLayout.ROWS, written)
        .put(LakeLayout.INDEX_REJECTED, refused)
        .put(LakeLayout.DETAIL, json(detail))
        .row(Kind.REPAIR, at);
  }

  /**
   * The start or the end of a job.
   *
   * @param job its name
   * @param detail arguments, state and result, as JSON can hold them
   */
  public static LedgerRow run(Instant at, String run, String job, Map<String, ?> detail) {
    return new Values()
        .put(LakeLayout.RUN, run)
        .put(LakeLayout.QUERY, job)
        .put(LakeLayout.DETAIL, json(detail))
        .row(Kind.RUN, at);
  }

  private static Values range(String query, OffsetRange range) {
    return new Values()
        .put(LakeLayout.QUERY, query)
        .put(LakeLayout.TOPIC, range.topic())
        .put(LakeLayout.KAFKA_PARTITION, range.partition())
        .put(LakeLayout.FROM_OFFSET, range.from())
        .put(LakeLayout.UNTIL_OFFSET, range.until());
  }

  private static String json(Map<String, ?> detail) {
    try {
      return JSON.writeValueAsString(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the detail of a ledger row as JSON", e);
    }
  }

  /** The value of a column; null when this row has none. */
  @Nullable Object value(String column) {
    return values.get(column);
  }

  long atMicros() {
    return micros(at);
  }

  private static long micros(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000);
  }

  /** The values of a row in the making. */
  private static final class Values {
    private final Map<String, Object> values = new HashMap<>();

    Values put(String column, Object value) {
      values.put(column, value);
      return this;
    }

    Values putIfPresent(String column, @Nullable Object value) {
      if (value != null) {
        values.put(column, value);
      }
      return this;
    }

    LedgerRow row(Kind kind, Instant at) {
      return new LedgerRow(kind, at, values);
    }
  }
}
