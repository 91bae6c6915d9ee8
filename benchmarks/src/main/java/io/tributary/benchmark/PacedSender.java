package io.tributary.benchmark;

import io.tributary.produce.EventGenerator;
import io.tributary.produce.GeneratedRecord;
import io.tributary.produce.GeneratorSettings;
import io.tributary.produce.KafkaDestination;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends events at an even rate and notes when each was handed to Kafka's client. Event number n has
 * the time start + n ms, so that a range of times holds exactly the events of a range of numbers.
 */
final class PacedSender implements Callable<Double> {
  private static final long MICROS_PER_EVENT = 1_000;

  private final String kafka;
  private final String topic;
  private final double perSecond;
  private final long startMicros;
  private final EventGenerator generator;
  private final long[] sentNanos;
  private final Map<String, Integer> numbers;
  private volatile int sent;

  PacedSender(String kafka, String topic, int events, double perSecond, long startMillis) {
    this.kafka = kafka;
    this.topic = topic;
    this.perSecond = perSecond;
    this.startMicros = startMillis * 1_000;
    this.generator = new EventGenerator(GeneratorSettings.plain(7, startMicros, MICROS_PER_EVENT));
    this.sentNanos = new long[events];
    this.numbers = new HashMap<>(events * 2);
  }

  /** Sends all; the answer is the achieved rate in events per second. */
  @Override
  public Double call() throws IOException {
    try (KafkaDestination destination = new KafkaDestination(kafka, topic, null)) {
      long start = System.nanoTime();
      for (int number = 0; number < sentNanos.length; number++) {
        GeneratedRecord record = generator.next();
        await(start + (long) (number * 1e9 / perSecond));
        sentNanos[number] = System.nanoTime();
        destination.send(record.outgoing());
        numbers.put(String.valueOf(record.expectation().eventId()), number);
        sent = number + 1;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      destination.finish();
      return sentNanos.length / seconds;
    }
  }

  /** One that fell behind catches up. */
  private static void await(long dueNanos) {
    for (long wait = dueNanos - System.nanoTime(); wait > 0; wait = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  int events() {
    return sentNanos.length;
  }

  /** How many were sent so far. */
  int sent() {
    return sent;
  }

  /** When an event that was sent was handed over, by {@link System#nanoTime()}. */
  long sentNanos(int number) {
    return sentNanos[number];
  }

  /** The number of each event by its id; complete after {@link #call()}. */
  Map<String, Integer> numbers() {
    return numbers;
  }

  /** The time of an event, as the API reads it. */
  String time(int number) {
    return Timestamps.isoMicros(startMicros + number * MICROS_PER_EVENT);
  }
}
