package io.tributary.lake.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import java.util.List;
import java.util.Map;

/**
 * Where the index query stands, kept in the index itself: whoever wipes the index wipes this too,
 * and the next start knows that everything is owed.
 *
 * @param offsets the position, as empty ranges
 * @param topicIds the ids of the topics that it is of
 * @param owed what was passed by and is not filled yet
 */
public record IndexPosition(
    List<OffsetRange> offsets, Map<String, String> topicIds, List<Owed> owed) {
  /** Under which id it is kept in the status index. */
  public static final String DOCUMENT_ID = "index-position";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public IndexPosition {
    offsets = List.copyOf(offsets);
    topicIds = Map.copyOf(topicIds);
    owed = List.copyOf(owed);
  }

  /** Up to where records are documents, or owed. */
  public CommittedOffsets committed() {
    return CommittedOffsets.after(offsets);
  }

  /** This position behind the ranges of a batch. */
  public IndexPosition advancedBy(List<OffsetRange> ranges) {
    return new IndexPosition(committed().plus(ranges).asRanges(), topicIds, owed);
  }

  /** This position, owing others. */
  public IndexPosition owing(List<Owed> others) {
    return new IndexPosition(offsets, topicIds, others);
  }

  /** As JSON text, for {@link #fromJson}. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the position of the index as JSON", e);
    }
  }

  /** Reads what {@link #json} wrote. */
  public static IndexPosition fromJson(String json) throws JsonProcessingException {
    return JSON.readValue(json, IndexPosition.class);
  }
}
