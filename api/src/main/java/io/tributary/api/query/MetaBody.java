package io.tributary.api.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.query.SourceMeta;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an answer was taken from.
 *
 * @param completeThrough ISO-8601; null when unknown, and then there is a reason
 */
record MetaBody(
    @JsonProperty("source") String source,
    @JsonProperty("complete_through") @Nullable String completeThrough,
    @JsonProperty("complete_through_reason") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String completeThroughReason,
    @JsonProperty("data_version") @Nullable Long dataVersion,
    @JsonProperty("took_ms") long tookMs) {
  static MetaBody of(SourceMeta meta, long startedNanos) {
    return new MetaBody(
        meta.source(),
        meta.completeThrough() == null ? null : meta.completeThrough().toString(),
        meta.incompleteReason(),
        meta.dataVersion(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
  }
}
