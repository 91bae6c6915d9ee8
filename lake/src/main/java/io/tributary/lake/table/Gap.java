package io.tributary.lake.table;

import java.util.List;

/**
 * A place where the stream cannot go on reading where it stopped.
 *
 * @param lost what is known to be lost; may be empty, when a topic was made again after all of it
 *     was read
 * @param resumeAt the offset at which the partition is read on
 */
public record Gap(LostRange lost, long resumeAt) {

  /** Where a stream that stood there goes on. */
  CommittedOffsets passedBy(CommittedOffsets stood) {
    String topic = lost.topic();
    int partition = lost.partition();
    return lost.startsAnew()
        ? stood.restartedAt(topic, partition, resumeAt)
        : stood.plus(List.of(new OffsetRange(topic, partition, resumeAt, resumeAt)));
  }
}
