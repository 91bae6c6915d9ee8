package io.tributary.streaming;

import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Asks Kafka, once the records of a batch are read, whether the topics are those that the batch was
 * planned of: a topic that is still the same then was the same when they were. The look once a
 * second may come after the batch.
 */
record SameTopics(KafkaTopics topics) {

  /**
   * @param planned the ids of the topics that the query started at; topics that they do not name
   *     may be any
   * @throws TopicMadeAgainException when one of the topics is another
   */
  void require(Map<String, String> planned) {
    Map<String, String> now;
    try {
      now = topics.ids();
    } catch (UnavailableException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BatchGate.StoppedException();
    }
    now.forEach(
        (topic, id) -> {
          if (!id.equals(planned.getOrDefault(topic, id))) {
            throw new TopicMadeAgainException(topic);
          }
        });
  }
}
