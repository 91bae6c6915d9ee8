package io.tributary.reader;

import org.jspecify.annotations.Nullable;

/**
 * What one commit says about itself.
 *
 * @param version the table version it made
 * @param timestampMillis when the writer says it committed, in ms since epoch; 0 when it does not
 *     say
 * @param operation Delta's name of the operation, for example {@code STREAMING UPDATE}; empty when
 *     absent
 * @param userMetadata the writer's own text, null when absent; the streaming job puts its offsets
 *     and accounting here
 */
public record Commit(
    long version, long timestampMillis, String operation, @Nullable String userMetadata) {}
