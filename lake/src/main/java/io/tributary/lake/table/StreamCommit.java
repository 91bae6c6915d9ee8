package io.tributary.lake.table;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a commit of the stream says of itself, kept in the table as domain metadata: with it a start
 * needs no checkpoint, and every record is accounted for.
 *
 * @param query which query wrote it: {@code lake} or {@code index}
 * @param batch the batch's number in the query's checkpoint, for people
 * @param offsets what this batch spanned, and, with {@code from = until}, where every other
 *     partition stands
 * @param read records read; {@code read = rows + duplicates + deadLetters}
 * @param rows rows added to {@code events}
 * @param duplicates rows added to {@code duplicates}
 * @param deadLetters letters by reason, of the stages decode and conflict
 * @param misfits values of typed fields that did not fit
 * @param lost what Kafka no longer had when the stream got there; only in the commit that goes past
 *     it
 * @param topicIds the ids of the topics as Kafka knows them; a topic made again has another
 * @param aside files of letters and duplicates, by table: in a commit to such a table those that it
 *     adds; in a commit to {@code events} the first one of the last commit to each table that
 *     belongs to rows which are committed, so that what a cut-off batch has set aside can be told
 * @param writer the job that wrote it; null in a commit that no job wrote
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StreamCommit(
    String query,
    long batch,
    List<OffsetRange> offsets,
    long read,
    long rows,
    long duplicates,
    Map<String, Long> deadLetters,
    long misfits,
    List<LostRange> lost,
    Map<String, String> topicIds,
    Map<String, List<SetAside>> aside,
    @Nullable Writer writer) {
  /** The batch number of a commit that only takes a table over. */
  public static final long NO_BATCH = -1;

  /** The query that writes events, duplicates and letters. */
  public static final String LAKE_QUERY = "lake";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          // A newer version of this program may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  @SuppressWarnings("NullAway") // Jackson gives null for what an older commit does not say.
  public StreamCommit {
    lost = lost == null ? List.of() : List.copyOf(lost);
    topicIds = topicIds == null ? Map.of() : Map.copyOf(topicIds);
    aside = aside == null ? Map.of() : Map.copyOf(aside);
  }

  /** A batch's commit, before the table adds who wrote it. */
  public static StreamCommit ofBatch(
      String query,
      long batch,
      List<OffsetRange> offsets,
      long read,
      long rows,
      long duplicates,
      Map<String, Long> deadLetters,
      long misfits) {
    return new StreamCommit(
        query,
        batch,
        offsets,
        read,
        rows,
        duplicates,
        deadLetters,
        misfits,
        List.of(),
        Map.of(),
        Map.of(),
        null);
  }

  /** A commit that adds nothing and says where the stream stands. */
  static StreamCommit takingOver(
      String query,
      CommittedOffsets position,
      List<LostRange> lost,
      Map<String, String> topicIds,
      Map<String, List<SetAside>> aside) {
    return new StreamCommit(
        query, NO_BATCH, position.asRanges(), 0, 0, 0, Map.of(), 0, lost, topicIds, aside, null);
  }

  /** This commit, naming who wrote it and which topics it is of. */
  StreamCommit by(Writer author, Map<String, String> ids) {
    return with(offsets, ids, aside, author);
  }

  /** This commit, naming files that were set aside. */
  public StreamCommit withAside(Map<String, List<SetAside>> files) {
    return with(offsets, topicIds, files, writer);
  }

  /** This commit with the same accounting. */
  private StreamCommit with(
      List<OffsetRange> ranges,
      Map<String, String> ids,
      Map<String, List<SetAside>> files,
      @Nullable Writer author) {
    return new StreamCommit(
        query,
        batch,
        ranges,
        read,
        rows,
        duplicates,
        deadLetters,
        misfits,
        lost,
        ids,
        files,
        author);
  }

  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a commit's metadata as JSON", e);
    }
  }

  /** Reads what {@link #json} wrote. */
  public static StreamCommit fromJson(String json) {
    try {
      return JSON.readValue(json, StreamCommit.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Cannot read the stream's position from the table: its metadata is %s. The table was written by an incompatible version or by another program."
              .formatted(json),
          e);
    }
  }

  /** This commit, naming beside its own ranges where every other partition stands. */
  StreamCommit standingAt(CommittedOffsets position) {
    Set<String> named =
        offsets.stream().map(StreamCommit::partitionName).collect(Collectors.toSet());
    List<OffsetRange> all = new ArrayList<>(offsets);
    position.asRanges().stream()
        .filter(range -> !named.contains(partitionName(range)))
        .forEach(all::add);
    return with(all, topicIds, aside, writer);
  }

  private static String partitionName(OffsetRange range) {
    return range.topic() + '-' + range.partition();
  }

  /** How many letters of all reasons. */
  public long letters() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }
}
