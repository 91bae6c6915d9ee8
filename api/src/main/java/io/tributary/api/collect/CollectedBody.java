package io.tributary.api.collect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What became of a request's events.
 *
 * @param eventIds of the accepted events, in the order of the request
 */
record CollectedBody(
    @JsonProperty("accepted") int accepted,
    @JsonProperty("event_ids") List<String> eventIds,
    @JsonProperty("rejected") List<RejectedEvent> rejected) {
  /**
   * An event that was refused.
   *
   * @param index its 0-based position among the request's events
   * @param reason a code of the dead letters
   */
  record RejectedEvent(
      @JsonProperty("index") int index,
      @JsonProperty("reason") String reason,
      @JsonProperty("detail") String detail) {}
}
