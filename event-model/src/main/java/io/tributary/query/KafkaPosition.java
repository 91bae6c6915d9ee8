package io.tributary.query;

import java.time.Instant;

/** The record that an event was taken from. */
public record KafkaPosition(String topic, int partition, long offset, Instant ts) {}
