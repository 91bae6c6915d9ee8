package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.event.Provenance;
import io.tributary.lake.decode.DecodedRecord;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What the driver needs to know of a partition's records to find duplicates: some 36 bytes a record
 * instead of the record, in arrays that travel fast; and the partition's part of the accounting.
 */
final class BatchKeys implements Serializable {
  /** Where the records are from; nearly always one place, which begins at index 0. */
  private final List<TopicPartition> places = new ArrayList<>();

  private final IntArrayList placeStarts = new IntArrayList();
  private final LongArrayList offset = new LongArrayList();
  private final LongArrayList timestamp = new LongArrayList();
  private final LongArrayList hash = new LongArrayList();
  private final LongArrayList digest = new LongArrayList();
  private final IntArrayList day = new IntArrayList();
  private final TreeMap<String, Long> rejected = new TreeMap<>();
  private long read;
  private long misfits;

  void add(DecodedRecord record) {
    read++;
    if (record.outcome() instanceof Decoded.Accepted accepted) {
      add(record.kafka(), accepted);
    } else if (record.outcome() instanceof Decoded.Rejected letter) {
      rejected.merge(letter.reason().code(), 1L, Long::sum);
    }
  }

  private void add(Provenance.Kafka kafka, Decoded.Accepted accepted) {
    addPlace(kafka);
    offset.add(kafka.offset());
    timestamp.add(kafka.timestampMillis());
    hash.add(IdHash.of(accepted.event().eventId()));
    digest.add(accepted.digest());
    day.add(EventDay.of(accepted.event().tsMicros()));
    misfits += accepted.misfits();
  }

  private void addPlace(Provenance.Kafka kafka) {
    if (places.isEmpty() || !places.get(places.size() - 1).isOf(kafka)) {
      places.add(new TopicPartition(kafka.topic(), kafka.partition()));
      placeStarts.add(hash.size());
    }
  }

  private TopicPartition place(int index) {
    int found = Arrays.binarySearch(placeStarts.elements(), 0, placeStarts.size(), index);
    return places.get(found >= 0 ? found : -found - 2);
  }

  /** How many events; the accessors below take an index under it. */
  int events() {
    return hash.size();
  }

  String topic(int index) {
    return place(index).topic();
  }

  int partition(int index) {
    return place(index).partition();
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

  private record TopicPartition(String topic, int partition) implements Serializable {
    boolean isOf(Provenance.Kafka kafka) {
      return partition == kafka.partition() && topic.equals(kafka.topic());
    }
  }
}
