package io.tributary.lake.decode;

import io.tributary.event.Decoded;
import io.tributary.event.Provenance;
import java.io.Serializable;

/**
 * One record of Kafka and what became of it.
 *
 * @param raw the record's value as received; empty for a record without a value
 */
@SuppressWarnings("ArrayRecordComponent") // One array per record on the hot path, never compared.
public record DecodedRecord(Provenance.Kafka kafka, byte[] raw, Decoded outcome)
    implements Serializable {}
