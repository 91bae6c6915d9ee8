package io.tributary.streaming;

import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LostRange;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done about gaps: they are said aloud in any case, and the job stops if it is told to. */
final class GapPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(GapPolicy.class);

  private final StreamingConfiguration.Kafka.OnGap onGap;

  GapPolicy(StreamingConfiguration.Kafka.OnGap onGap) {
    this.onGap = onGap;
  }

  /**
   * Logs gaps.
   *
   * @throws GapException when the job is to stop before them
   */
  void apply(List<Gap> gaps) {
    if (gaps.isEmpty()) {
      return;
    }
    if (onGap == StreamingConfiguration.Kafka.OnGap.STOP) {
      throw new GapException(gaps);
    }
    gaps.forEach(
        gap ->
            LOG.error(
                "Lost in Kafka, on record in the ledger: {}-{}, offsets {} to {} ({} records at most): {}.",
                gap.lost().topic(),
                gap.lost().partition(),
                gap.lost().from(),
                gap.lost().until(),
                gap.lost().size(),
                gap.lost().detail()));
  }

  /** The job stops before a gap, as it is configured to. */
  static final class GapException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GapException(List<Gap> gaps) {
      super(
          "Cannot go on reading where the lake stands: %s. Nothing was written. If the records can be had elsewhere, import them; then start with kafka.on-gap: record-and-continue, which puts the range on record and goes on behind it."
              .formatted(
                  gaps.stream()
                      .map(Gap::lost)
                      .map(LostRange::detail)
                      .collect(Collectors.joining("; "))));
    }
  }
}
