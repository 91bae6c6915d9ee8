package io.tributary.lake.audit;

/**
 * A document as a search found it.
 *
 * @param digest from the parts stored in it; -1 when they are not there
 * @param sequenceNumber with the primary term, its version: a delete takes nothing newer away
 * @param source its text in UTF-8; empty when it was not asked for
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FoundDocument(
    String id, long digest, long sequenceNumber, long primaryTerm, byte[] source) {}
