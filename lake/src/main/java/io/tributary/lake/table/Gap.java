package io.tributary.lake.table;

/**
 * A place where the stream cannot go on reading where it stopped.
 *
 * @param lost what is known to be lost; may be empty, when a topic was made again after all of it
 *     was read
 * @param resumeAt the offset at which the partition is read on
 */
public record Gap(LostRange lost, long resumeAt) {

  /** Whether offsets of the partition mean other records from here on. */
  boolean startsAnew() {
    return lost.startsAnew();
  }
}
