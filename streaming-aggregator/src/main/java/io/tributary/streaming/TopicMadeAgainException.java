package io.tributary.streaming;

/** A topic was deleted and made again while a batch of it was read; the query has to start anew. */
final class TopicMadeAgainException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TopicMadeAgainException(String topic) {
    super(
        "Cannot commit a batch: topic %s was deleted and made again while it was read. Nothing of it was committed; the query starts anew and puts on record what is lost."
            .formatted(topic));
  }
}
