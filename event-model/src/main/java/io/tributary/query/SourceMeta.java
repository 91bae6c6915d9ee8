package io.tributary.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer was taken from.
 *
 * @param source {@code index} or {@code lake}
 * @param completeThrough every record that Kafka received before this is in the answer; null when
 *     unknown
 * @param incompleteReason why {@code completeThrough} is null; null when it is not
 * @param dataVersion the version of the table, null when the source has none
 */
public record SourceMeta(
    String source,
    @Nullable Instant completeThrough,
    @Nullable String incompleteReason,
    @Nullable Long dataVersion) {}
