package io.tributary.smoke;

import io.tributary.time.TimeRange;
import java.io.IOException;

/** Something that counts events of one type. */
interface Counter {
  /** What to call it on the screen. */
  String name();

  /**
   * How many events of a type are in a range of whole seconds.
   *
   * @throws IOException when it does not answer
   */
  long count(String eventType, TimeRange range) throws IOException;
}
