package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.event.Provenance;
import io.tributary.lake.decode.DecodedRecord;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What the driver needs to know of a partition's records to find duplicates: some 40 bytes a record
 * instead of the record, in arrays that travel fast; and the partition's part of the accounting.
 */
final class BatchKeys implements Serializable {
  private final List<String> topics = new ArrayList<>();
  private final IntArrayList topic = new IntArrayList();
  private final IntArrayList partition = new IntArrayList();
  private final LongArrayList offset = new LongArrayList();
  private final LongArrayList timestamp = new LongArrayList();
  private final LongArrayList hash = new LongArrayList();
  private final LongArrayList digest = new LongArrayList();
  private final IntArrayList day = new IntArrayList();
  private final TreeMap<String, Long> rejected = new TreeMap<>();
  private long read;
  private long misfits;

  private BatchKeys() {}

  static BatchKeys of(Iterator<DecodedRecord> records) {
    BatchKeys keys = new BatchKeys();
    records.forEachRemaining(keys::add);
    return keys;
  }

  private void add(DecodedRecord record) {
    read++;
    if (record.outcome() instanceof Decoded.Accepted accepted) {
      add(record.kafka(), accepted);
    } else if (record.outcome() instanceof Decoded.Rejected letter) {
      rejected.merge(letter.reason().code(), 1L, Long::sum);
    }
  }

  private void add(Provenance.Kafka kafka, Decoded.Accepted accepted) {
    topic.add(topicIndex(kafka.topic()));
    partition.add(kafka.partition());
    offset.add(kafka.offset());
    timestamp.add(kafka.timestampMillis());
    hash.add(IdHash.of(accepted.event().eventId()));
    digest.add(accepted.digest());
    day.add(EventDay.of(accepted.event().tsMicros()));
    misfits += accepted.misfits();
  }

  private int topicIndex(String name) {
    int index = topics.indexOf(name);
    if (index < 0) {
      topics.add(name);
      return topics.size() - 1;
    }
    return index;
  }

  /** How many events; the accessors below take an index under it. */
  int events() {
    return hash.size();
  }

  String topic(int index) {
    return topics.get(topic.getInt(index));
  }

  int partition(int index) {
    return partition.getInt(index);
  }

  long offset(int index) {
    return offset.getLong(index);
  }

  long timestampMillis(int index) {
    return timestamp.getLong(index);
  }

  long hash(int index) {
    return hash.getLong(index);
  }

  long digest(int index) {
    return digest.getLong(index);
  }

  int day(int index) {
    return day.getInt(index);
  }

  long read() {
    return read;
  }

  long misfits() {
    return misfits;
  }

  TreeMap<String, Long> rejected() {
    return rejected;
  }
}
