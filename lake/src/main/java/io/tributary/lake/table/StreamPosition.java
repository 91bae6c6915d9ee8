package io.tributary.lake.table;

import java.util.Map;
import java.util.Optional;

/**
 * Up to where a stream has read, and of which topics: at the same offsets of a topic that was made
 * again there are other records.
 *
 * @param committed up to where each partition is read
 * @param topicIds the ids that Kafka gave the topics; empty before a job has said them
 */
public record StreamPosition(CommittedOffsets committed, Map<String, String> topicIds) {
  /** Of a stream that has read nothing. */
  public static final StreamPosition NONE = new StreamPosition(CommittedOffsets.none(), Map.of());

  public StreamPosition {
    topicIds = Map.copyOf(topicIds);
  }

  /** Where a stream stands after its newest commit; {@link #NONE} when it has made none. */
  public static StreamPosition after(Optional<StreamCommit> newest) {
    return newest
        .map(
            commit ->
                new StreamPosition(CommittedOffsets.after(commit.offsets()), commit.topicIds()))
        .orElse(NONE);
  }
}
