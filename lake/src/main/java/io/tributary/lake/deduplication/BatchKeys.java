package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.event.Provenance;
import io.tributary.lake.decode.DecodedRecord;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * What the driver needs to know of a partition's records to find duplicates: some 36 bytes a record
 * instead of the record; and the partition's part of the accounting. In arrays of exactly their
 * length: these travel as fast as memory is copied, where growing lists go number by number.
 */
final class BatchKeys implements Serializable {
  private static final long serialVersionUID = 1;

  /** Where the records are from; nearly always one place, which begins at index 0. */
  private final ArrayList<TopicPartition> places;

  private final int[] placeStarts;
  private final long[] offset;
  private final long[] timestamp;
  private final long[] hash;
  private final long[] digest;
  private final int[] day;
  private final TreeMap<String, Long> rejected;
  private final long read;
  private final long misfits;

  private BatchKeys(Builder made) {
    this.places = made.places;
    this.placeStarts = made.placeStarts.toIntArray();
    this.offset = made.offset.toLongArray();
    this.timestamp = made.timestamp.toLongArray();
    this.hash = made.hash.toLongArray();
    this.digest = made.digest.toLongArray();
    this.day = made.day.toIntArray();
    this.rejected = made.rejected;
    this.read = made.read;
    this.misfits = made.misfits;
  }

  /** Takes record after record. */
  static final class Builder {
    private final ArrayList<TopicPartition> places = new ArrayList<>();
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

    /** The keys of what was added; to be called once. */
    BatchKeys build() {
      return new BatchKeys(this);
    }
  }

  private TopicPartition place(int index) {
    int found = Arrays.binarySearch(placeStarts, index);
    return places.get(found >= 0 ? found : -found - 2);
  }

  /** How many events; the accessors below take an index under it. */
  int events() {
    return hash.length;
  }

  String topic(int index) {
    return place(index).topic();
  }

  int partition(int index) {
    return place(index).partition();
  }

  long offset(int index) {
    return offset[index];
  }

  long timestampMillis(int index) {
    return timestamp[index];
  }

  long hash(int index) {
    return hash[index];
  }

  long digest(int index) {
    return digest[index];
  }

  int day(int index) {
    return day[index];
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
