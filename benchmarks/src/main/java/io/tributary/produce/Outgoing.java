package io.tributary.produce;

import org.jspecify.annotations.Nullable;

/**
 * One record to send.
 *
 * @param key the event's id in UTF-8, so that whatever has the same id keeps its order; null when
 *     there is none
 * @param value the record as it goes out, JSON or what pretends to be
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
public record Outgoing(byte @Nullable [] key, byte[] value) {}
